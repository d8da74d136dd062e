import ParallelsFormat

/// Writes extents in order to a pipe, zeros included: all of them, or the parts in some clusters.
final class StreamSink: ExtentSink {
  private let target: TargetFile
  /// The clusters to write, whose entries are not 0, and the grid; nil for all.
  private let marked: (table: BlockAllocationTable, grid: ExtentGrid)?
  private let written = InTurn<UInt64>(0)

  init(_ target: TargetFile) {
    self.target = target
    marked = nil
  }

  init(_ target: TargetFile, only table: BlockAllocationTable, of grid: ExtentGrid) {
    self.target = target
    marked = (table, grid)
  }

  /// Bytes written so far.
  var position: UInt64 { written.state }

  /// Writes the bytes that precede the first extent.
  func begin(with bytes: UnsafeRawBufferPointer) throws(ConversionError) {
    try target.append(bytes, at: written.state)
    written.state += UInt64(bytes.count)
  }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    for range in marked.map({ $0.grid.markedRanges(of: slot.extent, in: $0.table) }) ?? [slot.extent.guestRange] {
      try write(range, of: slot)
    }
    return .next
  }

  private func write(_ range: Range<UInt64>, of slot: Slot) throws(ConversionError) {
    let byteCount = range.upperBound - range.lowerBound
    if slot.extent.isZero {
      try target.writeZeros(over: written.state..<written.state + byteCount)
    } else {
      let start = Int(range.lowerBound - slot.extent.guestOffset)
      try target.append(UnsafeRawBufferPointer(slot.bytes.part(start..<start + Int(byteCount))), at: written.state)
    }
    written.state += byteCount
  }
}
