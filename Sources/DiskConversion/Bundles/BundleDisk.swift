import ParallelsBundle
import ParallelsFormat

/// The disk of a bundle in one state, after its images have been judged.
struct BundleDisk: Disk {
  private let disk: any Disk
  /// All files that hold bytes of the disk.
  let files: [DiskFile]
  /// Sizes of the disk and of its topmost image.
  let figures: DiskFigures
  /// Bytes that the images store, including zeros and what others hide.
  let storedByteCount: UInt64

  /// Judges the images of `state` according to `policy`; `events` receives warnings and losses.
  ///
  /// - Throws: `header` or `entry`, about an image's file, if a cluster that can be seen is lost or ambiguous.
  init(_ state: BundleState, policy: ReadingPolicy, events: Events) throws(ConversionError) {
    for problem in state.warnings { events.report(.warning(path: state.bundle.name, problem.description)) }
    let isCurrent = (try? state.bundle.tree.current()) == state.id
    var parts: [SpanDisk.Part] = []
    var judged: [JudgedImage] = []
    for chain in state.chains {
      guard let storage = chain.first?.storage else { continue }
      var images: [JudgedImage] = []
      for image in chain {
        let above = ChainDisk(images: images.map(\.disk), byteCount: storage.byteCount)
        images.append(
          try JudgedImage(image, isLive: isCurrent && image.depth == 0, below: above, policy: policy, events: events))
      }
      let isWhole = images.count == 1 && images.first?.disk.byteCount == storage.byteCount
      let chained: any Disk = ChainDisk(images: images.map(\.disk), byteCount: storage.byteCount)
      parts.append(SpanDisk.Part(range: storage.range, disk: isWhole ? images.first?.disk ?? chained : chained))
      judged += images
    }
    let only = parts.count == 1 ? parts.first?.disk : nil
    disk = only ?? SpanDisk(parts)
    files = judged.map(\.file) + [state.bundle.descriptorFile]
    storedByteCount = judged.reduce(0) { $0 + min($1.storedByteCount, UInt64.max - $0) }
    figures = DiskFigures(judged, diskByteCount: state.bundle.descriptor.byteCount)
  }

  var byteCount: UInt64 { disk.byteCount }

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    try disk.extent(at: offset, upTo: end)
  }

  func pieces(of range: Range<UInt64>) throws(ConversionError) -> [DiskExtent] { try disk.pieces(of: range) }
}

/// An image of a chain that can be read.
private struct JudgedImage {
  let disk: any Disk
  let file: DiskFile
  let storedByteCount: UInt64
  let clusterByteCount: UInt64?
  let allocatedClusterCount: Int

  /// Judges `image`, which `isLive` if a machine may have it open.
  ///
  /// `above` are the images that hide it where they are not absent.
  init(
    _ image: BundleImage, isLive: Bool, below above: ChainDisk, policy: ReadingPolicy, events: Events
  ) throws(ConversionError) {
    file = image.file
    switch image.contents {
    case .raw:
      disk = RawDisk(file: image.file, byteCount: image.byteCount)
      storedByteCount = try image.file.storedByteCount()
      (clusterByteCount, allocatedClusterCount) = (nil, 0)
    case .expandable(let imageFile):
      // A machine that runs or was killed leaves its topmost image open, and only that.
      var policy = policy
      if isLive { policy.allowsDirty = true }
      let judged = try ImageDisk(judging: imageFile, policy: policy, below: above, events: events)
      events.warn(of: imageFile.extensionProblems, path: image.file.name)
      disk = judged
      storedByteCount = judged.clusters.dataByteCount
      clusterByteCount = judged.clusters.header.clusterByteCount
      allocatedClusterCount = judged.clusters.table.allocatedCount
    }
  }
}

extension DiskFigures {
  /// Figures of a chain are those of its top, with all clusters that its images allocate, up to the size of the disk.
  fileprivate init(_ images: [JudgedImage], diskByteCount: UInt64) {
    let clusterByteCount = images.lazy.compactMap(\.clusterByteCount).first ?? 1 << 20
    let clusterCount = diskByteCount.dividedRoundingUp(by: clusterByteCount)
    let allocatedCount = images.reduce(0) { $0 + $1.allocatedClusterCount }
    self.init(
      virtualByteCount: diskByteCount, clusterByteCount: clusterByteCount, clusterCount: clusterCount,
      allocatedClusterCount: min(allocatedCount, Int(clamping: clusterCount)))
  }
}
