import ParallelsFormat
import StreamIO
import Synchronization

/// Writes extents in order to a pipe, zeros included: all of them, or the parts in some clusters.
///
/// Bytes that come from files unchanged are lent to the pipe by the system, not copied.
final class StreamSink: ExtentSink {
  private let target: TargetFile
  /// The clusters to write, whose entries are not 0, and the grid; nil for all.
  private let marked: (table: BlockAllocationTable, grid: ExtentGrid)?
  private let written = InTurn<UInt64>(0)
  private let splices: Atomic<Bool>

  /// Writes what `source` supplies; if there is a table, only clusters whose entries in it are not 0.
  init(
    _ target: TargetFile, from source: any ExtentSource,
    only marked: (table: BlockAllocationTable, grid: ExtentGrid)? = nil
  ) {
    self.target = target
    self.marked = marked
    splices = Atomic(source.locatesAll && target.file.isPipe)
  }

  /// Bytes written so far.
  var position: UInt64 { written.state }

  /// Writes the bytes that precede the first extent.
  func begin(with bytes: UnsafeRawBufferPointer) throws(ConversionError) {
    try target.append(bytes, at: written.state)
    written.state += UInt64(bytes.count)
  }

  func needsBytes(of slot: Slot) -> Bool { !splices.load(ordering: .relaxed) }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    for range in marked.map({ $0.grid.markedRanges(of: slot.extent, in: $0.table) }) ?? [slot.extent.guestRange] {
      try write(range, of: slot)
    }
    return .next
  }

  private func write(_ range: Range<UInt64>, of slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return try writeZeros(range.upperBound - range.lowerBound) }
    var end = range.lowerBound
    if !slot.isLoaded {
      for piece in slot.pieces {
        let part = piece.guestRange.clamped(to: range)
        guard !part.isEmpty else { continue }
        try writeZeros(part.lowerBound - end)
        end = try part.lowerBound + splice(part, of: piece)
        guard end == part.upperBound else { break }
      }
      if splices.load(ordering: .relaxed) { return try writeZeros(range.upperBound - end) }
      // The system refuses, so the rest is copied.
      try slot.pieces.read(into: slot.bytes, of: slot.extent.guestOffset)
      slot.isLoaded = true
    }
    let start = Int(end - slot.extent.guestOffset)
    let bytes = slot.bytes.part(start..<Int(range.upperBound - slot.extent.guestOffset))
    try target.append(UnsafeRawBufferPointer(bytes), at: written.state)
    written.state += UInt64(bytes.count)
  }

  /// Moves a part of a piece to the pipe; returns the number of bytes, which is smaller if the system refuses.
  ///
  /// It is not asked again then.
  private func splice(_ part: Range<UInt64>, of piece: DiskExtent) throws(ConversionError) -> UInt64 {
    guard let file = piece.file, let host = piece.hostOffset else { return 0 }
    let start = host + (part.lowerBound - piece.guestOffset)
    let byteCount = part.upperBound - part.lowerBound
    let count = try target.splice(start..<start + byteCount, of: file, at: written.state)
    written.state += count
    if count < byteCount { splices.store(false, ordering: .relaxed) }
    return count
  }

  private func writeZeros(_ byteCount: UInt64) throws(ConversionError) {
    try target.writeZeros(over: written.state..<written.state + byteCount)
    written.state += byteCount
  }
}
