import DiskConversion
import ParallelsFormat

extension ImageInfo {
  /// The report for programs: qemu-img's names where it has them; sizes are bytes unless the name says otherwise.
  var json: String {
    JSONText.object([
      "filename": JSONText.string(fileName), "format": JSONText.string("parallels"),
      "virtual-size": JSONText.number(virtualByteCount), "actual-size": JSONText.number(storedByteCount),
      "file-size": JSONText.number(fileByteCount), "cluster-size": JSONText.number(clusterByteCount),
      "dirty-flag": "\(inUse == .open)",
      "format-specific": JSONText.object(["type": JSONText.string("parallels"), "data": dataJSON]),
    ])
  }

  private var dataJSON: String {
    JSONText.object([
      "magic": JSONText.string(layout.magic), "version": JSONText.number(version), "heads": JSONText.number(heads),
      "cylinders": JSONText.number(cylinders), "sectors-per-cluster": JSONText.number(sectorsPerCluster),
      "bat-entries": JSONText.number(batEntryCount), "allocated-clusters": JSONText.number(allocatedClusterCount),
      "data-offset": JSONText.number(dataByteOffset), "in-use": JSONText.string(inUse.state.rawValue),
      "in-use-raw": JSONText.number(inUse.rawValue), "empty-flag": "\(isFlaggedEmpty)",
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
