import ParallelsFormat

/// The disk for a new image, and what is known about the image before the disk is read.
struct BuildingInput {
  let disk: DiskInput
  /// How an image that comes through a pipe is read.
  let reading: ReadingPlan
  /// Which clusters the new image stores.
  let stored: StoredClusters
  /// What it keeps of the input's extension; nil if nothing is.
  let carried: CarriedExtension?

  /// Prepares to make `image` of `disk`; errors of the new image are about `path`.
  ///
  /// `keepsExtension` means that the input's dirty bitmaps are kept.
  init(
    _ disk: DiskInput, for image: NewImage, keepsExtension: Bool, path: String, resources: Resources
  ) throws(ConversionError) {
    let keepsExtension = keepsExtension && image.bundle?.isPlain != true
    reading = disk.plan(outputSeekable: false, keepsExtension: keepsExtension)
    if !disk.isSeekable, disk.figures != nil { disk.control.events.report(.plan(reading.explanation)) }
    self.disk = try disk.copied(for: reading, to: resources.temporaryDirectory)
    // If the size is still unknown, this is the smallest geometry.
    let geometry = try image.geometry(of: disk.byteCount ?? 0, path: path)
    if keepsExtension, let source = self.disk.image {
      carried = try CarriedExtension(
        source, diskByteCount: disk.byteCount ?? 0, for: geometry, events: disk.control.events)
    } else {
      carried = nil
    }
    stored = try Self.stored(image, of: self.disk, geometry: geometry)
  }

  private static func stored(
    _ image: NewImage, of input: DiskInput, geometry: ImageGeometry
  ) throws(ConversionError) -> StoredClusters {
    guard image.storesZeros else { return .data }
    switch input.contents {
    case .disk(let disk) where input.figures != nil:
      return try .holding(disk.extents(in: 0..<disk.byteCount), of: geometry)
    case .image(let image):
      return try .holding(image.clusters.extents(in: 0..<image.clusters.header.virtualByteCount), of: geometry)
    case .disk, .raw: return .all
    }
  }

  /// The extents of the disk up to the end of the last cluster of `image`.
  func source(for image: NewImage, resources: Resources) throws(ConversionError) -> any ExtentSource {
    try disk.source(
      reading, grid: image.grid, paddedTo: image.extentsEnd, temporaryDirectory: resources.temporaryDirectory)
  }
}
