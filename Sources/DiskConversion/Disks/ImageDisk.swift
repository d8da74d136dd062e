import ParallelsFormat

/// The disk in a Parallels image file, after judging the image.
struct ImageDisk: Disk {
  let file: DiskFile
  let clusters: ClusterMap

  /// Judges `image` according to `policy`; `events` receives warnings and losses.
  ///
  /// `above` are the images that hide this one where they are not absent; nil if there are none.
  init(
    judging image: ImageFile, policy: ReadingPolicy, below above: ChainDisk? = nil, events: Events
  ) throws(ConversionError) {
    guard let inspection = image.inspection else { throw ConversionError(image.file.name, .format(image.truncation)) }
    file = image.file
    clusters = try ClusterMap(
      judging: inspection, path: image.file.name, policy: policy, below: above, events: events)
  }

  /// Wraps an image in `file` that was already judged.
  init(_ clusters: ClusterMap, in file: DiskFile) {
    self.clusters = clusters
    self.file = file
  }

  var byteCount: UInt64 { clusters.header.virtualByteCount }

  func extent(at offset: UInt64, upTo end: UInt64) -> DiskExtent {
    var extent = clusters.extent(at: offset, upTo: end)
    if extent.hostOffset != nil { extent.file = file }
    return extent
  }
}
