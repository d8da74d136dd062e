import ParallelsFormat
import StreamIO

/// The clusters of a raw file that a table has allocated, in disk order: the second look at a file whose table is
/// written already.
// SAFETY: `position`: only in turn, by `take`.
final class AllocatedClustersSource: ExtentSource, @unchecked Sendable {
  private let file: OpenFile
  private let fileByteCount: UInt64
  private let table: BlockAllocationTable
  private let grid: ExtentGrid
  private let control: ConversionControl
  private var position: UInt64 = 0

  init(
    _ file: OpenFile, fileByteCount: UInt64, table: BlockAllocationTable, grid: ExtentGrid, control: ConversionControl
  ) {
    self.file = file
    self.fileByteCount = fileByteCount
    self.table = table
    self.grid = grid
    self.control = control
  }

  func take(into slot: Slot) -> Bool {
    guard let cluster = nextCluster() else { return false }
    // Within a cluster that comes in parts, go on; else begin at the cluster that was found.
    let start = max(position, UInt64(cluster) * grid.clusterByteCount)
    let limit = grid.end(after: start)
    var end = min(limit, UInt64(cluster + 1) * grid.clusterByteCount)
    while end < limit, isAllocated(at: end) { end += grid.clusterByteCount }
    slot.extent = Extent(guestOffset: start, byteCount: end - start, isZero: false)
    control.advance(by: start - position)
    position = end
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    try loadRaw(slot, from: file, fileByteCount: fileByteCount, control: control)
  }

  /// The cluster at `position`, or the first allocated one behind it.
  private func nextCluster() -> Int? { table.firstAllocated(from: Int(position / grid.clusterByteCount)) }

  private func isAllocated(at offset: UInt64) -> Bool {
    let cluster = Int(offset / grid.clusterByteCount)
    return cluster < table.count && table[cluster] != 0
  }
}
