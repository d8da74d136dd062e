import ParallelsFormat

/// The allocated clusters of a disk in the order in which they lie in the file.
struct FileOrder: Sendable {
  private let image: ParallelsImage
  /// The clusters sorted by place; nil when disk order is file order, as in most images.
  private let sorted: [UInt32]?
  private var position = 0

  init(of image: ParallelsImage) {
    self.image = image
    guard !image.inspection.isInStreamOrder else {
      sorted = nil
      return
    }
    var clusters: [UInt32] = []
    clusters.reserveCapacity(image.table.allocatedCount)
    var index = image.table.firstAllocated(from: 0)
    while let cluster = index {
      clusters.append(UInt32(cluster))
      index = image.table.firstAllocated(from: cluster + 1)
    }
    sorted = clusters.sorted { image.table[Int($0)] < image.table[Int($1)] }
  }

  /// The next cluster, without moving on; nil behind the last.
  var next: Int? {
    guard let sorted else { return image.table.firstAllocated(from: position) }
    return position < sorted.count ? Int(sorted[position]) : nil
  }

  /// Moves on behind the next cluster.
  mutating func advance() {
    position = sorted == nil ? (next ?? position) + 1 : position + 1
  }
}
