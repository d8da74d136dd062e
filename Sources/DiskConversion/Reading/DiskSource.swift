/// Reads ranges of a disk that supports any offset, in disk order.
///
/// Holes and unallocated clusters, which are zeros that need not be read, come in runs of any length. Past the end of
/// the disk, a range is zeros.
final class DiskSource: ExtentSource {
  private struct Turn {
    var ranges: any DiskRanges
    /// The rest of the current range.
    var rest: Range<UInt64> = 0..<0
    /// The last run of data found: the disk is scanned only once, however many ranges there are.
    var data: Range<UInt64> = 0..<0
  }

  private let disk: any Disk
  private let grid: ExtentGrid
  private let turn: InTurn<Turn>

  /// The parts of `disk` in `ranges`, as extents of `grid`.
  init(_ disk: any Disk, over ranges: any DiskRanges, grid: ExtentGrid) {
    self.disk = disk
    self.grid = grid
    turn = InTurn(Turn(ranges: ranges))
  }

  /// All of `disk`, or up to `end` if given.
  convenience init(_ disk: any Disk, upTo end: UInt64? = nil, grid: ExtentGrid) {
    self.init(disk, over: WholeRange(0..<(end ?? disk.byteCount)), grid: grid)
  }

  var locatesAll: Bool { true }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    if turn.state.rest.isEmpty {
      guard let next = try turn.state.ranges.next() else { return false }
      turn.state.rest = next
    }
    let rest = turn.state.rest
    let start = rest.lowerBound
    let dataStart = min(try nextData(from: start), rest.upperBound)
    let extentEnd = min(grid.end(after: start), rest.upperBound)
    let isZero = dataStart >= extentEnd
    // Data begins on the grid, so the extents of a disk are the same from every kind of source.
    let end = isZero && dataStart < rest.upperBound ? grid.start(at: dataStart) : isZero ? dataStart : extentEnd
    slot.extent = DiskExtent(start..<end, isZero ? .zeros : .data)
    turn.state.rest = end..<rest.upperBound
    return true
  }

  /// Start of the first data at or after `offset`; far past the disk if no data is left.
  private func nextData(from offset: UInt64) throws(ConversionError) -> UInt64 {
    if turn.state.data.upperBound <= offset {
      turn.state.data = try disk.data(from: offset)?.guestRange ?? .max - 1..<UInt64.max
    }
    return max(turn.state.data.lowerBound, offset)
  }

  func locate(_ slot: Slot) throws(ConversionError) {
    slot.pieces = slot.extent.isZero ? [] : try disk.pieces(of: slot.extent.guestRange)
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    try slot.pieces.read(into: slot.bytes, of: slot.extent.guestOffset)
  }
}
