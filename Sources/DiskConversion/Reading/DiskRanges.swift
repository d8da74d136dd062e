import ParallelsFormat

/// The requested ranges of a disk, in disk order.
protocol DiskRanges {
  /// The next range, in bytes of the disk and not empty; nil after the last one.
  mutating func next() throws(ConversionError) -> Range<UInt64>?
}

/// A single range.
struct WholeRange: DiskRanges {
  private var range: Range<UInt64>?

  init(_ range: Range<UInt64>) { self.range = range.isEmpty ? nil : range }

  mutating func next() -> Range<UInt64>? { range.take() }
}

/// The runs of clusters that are allocated in a table.
struct AllocatedRanges: DiskRanges {
  private let table: BlockAllocationTable
  private let clusterByteCount: UInt64
  /// Counts skipped clusters as done.
  private let progress: ConversionProgress
  private var cluster = 0

  init(of table: BlockAllocationTable, clusterByteCount: UInt64, progress: ConversionProgress) {
    self.table = table
    self.clusterByteCount = clusterByteCount
    self.progress = progress
  }

  mutating func next() -> Range<UInt64>? {
    guard let first = table.firstAllocated(from: cluster) else { return nil }
    progress.advance(by: UInt64(first - cluster) * clusterByteCount)
    cluster = first + 1
    while cluster < table.count, table[cluster] != 0 { cluster += 1 }
    return UInt64(first) * clusterByteCount..<UInt64(cluster) * clusterByteCount
  }
}
