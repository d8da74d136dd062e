import ParallelsFormat

/// The disk in a Parallels image that lies in a file, as judged.
struct ImageDisk: Disk {
  let file: DiskFile
  let clusters: ClusterMap

  /// Judges `image` by `policy`; warnings and losses go to `events`.
  init(judging image: ImageFile, policy: ReadingPolicy, events: Events) throws(ConversionError) {
    guard let inspection = image.inspection else { throw ConversionError(image.file.name, .format(image.truncation)) }
    file = image.file
    clusters = try ClusterMap(judging: inspection, path: image.file.name, policy: policy, events: events)
  }

  /// An image that was judged already and lies in `file`.
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
