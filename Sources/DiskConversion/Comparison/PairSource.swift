import ParallelsFormat
import StreamIO

/// Two disks side by side, cut in the same extents.
///
/// Where both are zeros without being read (holes, clusters that are not allocated), the extent is zero, and nothing
/// is read. Else the slot has the bytes of the first disk, and its partner here those of the second. The shorter disk
/// goes on in zeros.
///
/// Both sources use one grid of equal extents, so data of one begins where data of the other does.
// SAFETY: `sides` only in turn, by `take`; a partner is touched by the thread of its slot only.
final class PairSource: ExtentSource, @unchecked Sendable {
  /// One of the two disks, with the zeros that it handed out and that are not used up.
  private struct Side {
    let source: any ExtentSource
    var zerosEnd: UInt64 = 0
    var isAtEnd = false

    /// Makes `slot` have the extent at `position`; returns its end, no later than `limit` when it is zeros.
    mutating func take(into slot: Slot, at position: UInt64) throws(ConversionError) {
      if zerosEnd <= position, !isAtEnd {
        isAtEnd = try !source.take(into: slot)
        if !isAtEnd, !slot.extent.isZero { return }
        zerosEnd = isAtEnd ? .max : slot.extent.guestEnd
      }
      slot.extent = Extent(guestOffset: position, byteCount: zerosEnd - position, isZero: true)
    }
  }

  private var sides: [Side]
  private let partners: [Slot]
  private var position: UInt64 = 0
  private let sources: [any ExtentSource]

  init(_ first: any ExtentSource, _ second: any ExtentSource, shape: PipelineShape) {
    sources = [first, second]
    sides = sources.map { Side(source: $0) }
    partners = (0..<shape.threadCount).map { Slot(byteCount: shape.bufferByteCount, thread: $0) }
  }

  /// The slot that has the second disk's extent, when `slot` has that of the first.
  func partner(of slot: Slot) -> Slot { partners[slot.thread] }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    let partner = partner(of: slot)
    try sides[0].take(into: slot, at: position)
    try sides[1].take(into: partner, at: position)
    guard !sides[0].isAtEnd || !sides[1].isAtEnd else { return false }
    // Data is never cut, so zeros beside it are; of two runs of zeros the longer is.
    let extents = [slot.extent, partner.extent]
    let data = extents.filter { !$0.isZero }
    let end = data.isEmpty ? extents.map(\.guestEnd).min() : data.map(\.guestEnd).max()
    guard let end else { return false }
    if slot.extent.isZero { slot.extent.byteCount = end - position }
    if partner.extent.isZero { partner.extent.byteCount = end - position }
    position = end
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    let partner = partner(of: slot)
    if !slot.extent.isZero { try sources[0].load(slot) }
    if !partner.extent.isZero { try sources[1].load(partner) }
  }
}
