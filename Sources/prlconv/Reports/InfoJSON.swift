import DiskConversion
import ParallelsFormat

extension ImageInfo {
  /// The report for programs, with qemu-img's keys where it has them; sizes are in bytes unless the key says otherwise.
  var json: String {
    JSONText.object([
      "filename": JSONText.string(fileName), "format": JSONText.string("parallels"),
      "virtual-size": JSONText.number(header.virtualByteCount), "actual-size": JSONText.number(storedByteCount),
      "file-size": JSONText.number(fileByteCount), "cluster-size": JSONText.number(header.clusterByteCount),
      "dirty-flag": "\(header.inUse == .open)",
      "format-specific": JSONText.object(["type": JSONText.string("parallels"), "data": dataJSON]),
    ])
  }

  private var dataJSON: String {
    JSONText.object([
      "magic": JSONText.string(header.layout.magic), "version": JSONText.number(Header.version),
      "heads": JSONText.number(header.heads),
      "cylinders": JSONText.number(header.cylinders), "sectors-per-cluster": JSONText.number(header.sectorsPerCluster),
      "bat-entries": JSONText.number(header.batEntryCount),
      "allocated-clusters": JSONText.number(allocatedClusterCount),
      "data-offset": JSONText.number(header.dataByteOffset), "in-use": JSONText.string(header.inUse.word),
      "in-use-raw": JSONText.number(header.inUse.rawValue), "empty-flag": "\(header.flags.contains(.empty))",
      "extension-offset": JSONText.number(formatExtension?.byteOffset),
      "stream-order": isInStreamOrder.map { "\($0)" } ?? "null",
      "extension": formatExtension?.json ?? "null", "bitmaps": JSONText.array(bitmaps.map(\.json)),
    ])
  }
}

extension ImageInfo.Extension {
  fileprivate var json: String {
    JSONText.object([
      "state": JSONText.string(state.rawValue),
      "features": JSONText.array(features.map { JSONText.string("0x" + String($0, radix: 16)) }),
      "problem": JSONText.string(orNull: problem),
    ])
  }
}

extension ImageInfo.Bitmap {
  fileprivate var json: String {
    JSONText.object([
      "id": JSONText.string(orNull: id), "granularity": JSONText.number(granularityByteCount),
      "size": JSONText.number(coveredByteCount), "dirty-bytes": JSONText.number(dirtyByteCount),
      "dirty-extents": JSONText.number(dirtyExtentCount), "state": JSONText.string(state.rawValue),
      "problem": JSONText.string(orNull: problem),
    ])
  }
}
