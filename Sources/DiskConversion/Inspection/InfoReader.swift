import ParallelsFormat
import StreamIO

extension ImageInfo {
  /// Looks at an image, and at the bits of its bitmaps.
  ///
  /// Of an image that ends inside its BAT, which is reported with a warning, only the header can be read.
  ///
  /// - Throws: `isStream` for a pipe, `io` when the file can't be read, `format` or `isCompressed` when it is not a
  ///   Parallels image.
  public static func read(_ input: Endpoint, control: ConversionControl) throws(ConversionError) -> ImageInfo {
    let image = try InspectedImage(input, interrupt: control.interrupt)
    let header = image.header
    let inspection = image.table.map { image.inspection(of: $0) }
    if inspection == nil { control.tell(.warning(path: image.file.name, image.truncation.description)) }
    var bitmaps: [Bitmap] = []
    for found in image.bitmaps { bitmaps.append(try Bitmap(found, of: image)) }
    return ImageInfo(
      fileName: image.file.name, fileByteCount: image.fileByteCount,
      storedByteCount: try converting { () throws(FileError) in try image.file.storedByteCount() },
      layout: header.layout, version: Header.version, heads: header.heads, cylinders: header.cylinders,
      sectorsPerCluster: header.sectorsPerCluster, clusterByteCount: header.clusterByteCount,
      virtualByteCount: header.virtualByteCount, batEntryCount: header.batEntryCount,
      allocatedClusterCount: inspection?.allocatedCount,
      dataByteOffset: UInt64(header.dataOffsetSectors) * sectorByteCount, inUse: header.inUse,
      isFlaggedEmpty: header.flags.contains(.empty),
      isInStreamOrder: inspection?.isInStreamOrder, formatExtension: Extension(image), bitmaps: bitmaps)
  }
}

extension ExtensionState {
  fileprivate init(isDamaged: Bool, inUse: InUse) {
    self = isDamaged ? .damaged : inUse == .closed ? .valid : .stale
  }
}

extension ImageInfo.Extension {
  fileprivate init?(_ image: InspectedImage) {
    guard let found = image.formatExtension else { return nil }
    let (offset, overflow) = image.header.extensionOffsetSectors.multipliedReportingOverflow(by: sectorByteCount)
    byteOffset = overflow ? nil : offset
    switch found {
    case .success(let readable): (features, problem) = (readable.sections.map(\.magic), nil)
    case .failure(let failure): (features, problem) = ([], failure.description)
    }
    if let cluster = image.extensionCluster, image.sharedExtensionClusters.contains(cluster) {
      problem = problem ?? HostSpaceProblem.extensionShared(byteOffset: cluster).description
    }
    state = ExtensionState(isDamaged: problem != nil, inUse: image.header.inUse)
  }
}

extension ImageInfo.Bitmap {
  fileprivate init(_ found: InspectedBitmap, of image: InspectedImage) throws(ConversionError) {
    id = found.bitmap?.id.description
    granularityByteCount = found.bitmap?.granularityByteCount
    coveredByteCount = found.bitmap.flatMap { bitmap in
      let (count, overflow) = bitmap.sectorCount.multipliedReportingOverflow(by: sectorByteCount)
      return overflow ? nil : count
    }
    problem = found.problem?.description
    state = ExtensionState(isDamaged: problem != nil, inUse: image.header.inUse)
    guard let bitmap = found.bitmap, problem == nil else { return }
    var runs = DirtyRuns(of: bitmap, in: image.file, header: image.header)
    var (byteCount, extentCount): (UInt64, UInt64) = (0, 0)
    while let run = try runs.next() {
      byteCount += run.upperBound - run.lowerBound
      extentCount += 1
    }
    (dirtyByteCount, dirtyExtentCount) = (byteCount, extentCount)
  }
}
