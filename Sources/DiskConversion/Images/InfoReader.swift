import ParallelsFormat

extension ImageInfo {
  /// Reads the header and extension of an image, and the bits of its bitmaps.
  ///
  /// If the image ends inside its BAT, only the header is read, with a warning.
  ///
  /// - Throws: `isStream` for a pipe, `file` if the file can't be read, `format` or `isCompressed` if it is not a
  ///   Parallels image.
  public static func read(_ input: Endpoint, control: ConversionControl? = nil) throws(ConversionError) -> ImageInfo {
    let control = try control.orNew()
    return try read(DiskOpener(input, control: control), control: control)
  }

  static func read(_ opener: DiskOpener, control: ConversionControl) throws(ConversionError) -> ImageInfo {
    let image = try opener.imageFile()
    let inspection = image.inspection
    if inspection == nil { control.events.report(.warning(path: image.file.name, image.truncation.description)) }
    let shared = image.sharedExtensionClusters()
    var bitmaps: [Bitmap] = []
    for found in image.bitmaps(shared: shared) { bitmaps.append(try Bitmap(found, of: image)) }
    return ImageInfo(
      fileName: image.file.name, fileByteCount: image.file.byteCount, storedByteCount: try image.file.storedByteCount(),
      header: image.header, allocatedClusterCount: inspection?.allocatedCount,
      isInStreamOrder: inspection?.isInStreamOrder, formatExtension: Extension(image, shared: shared), bitmaps: bitmaps)
  }
}

extension ExtensionState {
  fileprivate init(isDamaged: Bool, inUse: InUse) {
    self = isDamaged ? .damaged : inUse == .closed ? .valid : .stale
  }
}

extension ImageInfo.Extension {
  fileprivate init?(_ image: ImageFile, shared: Set<UInt64>) {
    guard let found = image.formatExtension else { return nil }
    let (offset, overflow) = image.header.extensionOffsetSectors.multipliedReportingOverflow(by: sectorByteCount)
    byteOffset = overflow ? nil : offset
    switch found {
    case .success(let readable): (features, problem) = (readable.sections.map(\.magic), nil)
    case .failure(let failure): (features, problem) = ([], failure.description)
    }
    if let cluster = image.extensionCluster, shared.contains(cluster) {
      problem = problem ?? HostSpaceProblem.extensionShared(byteOffset: cluster).description
    }
    state = ExtensionState(isDamaged: problem != nil, inUse: image.header.inUse)
  }
}

extension ImageInfo.Bitmap {
  fileprivate init(_ found: InspectedBitmap, of image: ImageFile) throws(ConversionError) {
    id = found.bitmap?.id.description
    granularityByteCount = found.bitmap?.granularityByteCount
    coveredByteCount = found.bitmap.flatMap { bitmap in
      let (count, overflow) = bitmap.sectorCount.multipliedReportingOverflow(by: sectorByteCount)
      return overflow ? nil : count
    }
    problem = found.problem?.description
    state = ExtensionState(isDamaged: problem != nil, inUse: image.header.inUse)
    guard let bitmap = found.bitmap, problem == nil else { return }
    let runs = try DirtyRanges(of: bitmap, in: image)
    var (byteCount, extentCount): (UInt64, UInt64) = (0, 0)
    while let run = try runs.next() {
      byteCount += run.upperBound - run.lowerBound
      extentCount += 1
    }
    (dirtyByteCount, dirtyExtentCount) = (byteCount, extentCount)
  }
}
