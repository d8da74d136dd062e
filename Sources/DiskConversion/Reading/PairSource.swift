/// Two disks in parallel, cut into the same extents.
///
/// If both are zeros without being read (holes, unallocated clusters), the extent is zeros. Otherwise the slot has the
/// bytes of the first disk, and its partner those of the second. The shorter disk is extended with zeros.
///
/// Both sources use the same grid of equal extents, so data of both begins at the same offsets.
final class PairSource: ExtentSource {
  /// One of the two disks, with zeros that it returned and that are not used up.
  private struct Side {
    let source: any ExtentSource
    var zerosEnd: UInt64 = 0
    var isAtEnd = false

    /// Stores the extent at `position` in `slot`.
    mutating func take(into slot: Slot, at position: UInt64) throws(ConversionError) {
      if zerosEnd <= position, !isAtEnd {
        isAtEnd = try !source.take(into: slot)
        if !isAtEnd, !slot.extent.isZero { return }
        zerosEnd = isAtEnd ? .max : slot.extent.guestEnd
      }
      slot.extent = DiskExtent(position..<zerosEnd, .zeros)
    }
  }

  private struct Turn {
    var sides: [Side]
    var position: UInt64 = 0
  }

  private let sources: [any ExtentSource]
  private let turn: InTurn<Turn>
  private let partners: PerThread<Slot>

  init(_ first: any ExtentSource, _ second: any ExtentSource, shape: PipelineShape) throws(ConversionError) {
    sources = [first, second]
    turn = InTurn(Turn(sides: [Side(source: first), Side(source: second)]))
    partners = try PerThread(count: shape.threadCount) { () throws(ConversionError) in
      try Slot(byteCount: shape.bufferByteCount)
    }
  }

  /// The slot with the second disk's extent, if `slot` has that of the first.
  func partner(of slot: Slot) -> Slot { partners[slot] }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    let partner = partner(of: slot)
    let position = turn.state.position
    try turn.state.sides[0].take(into: slot, at: position)
    try turn.state.sides[1].take(into: partner, at: position)
    guard turn.state.sides.contains(where: { !$0.isAtEnd }) else { return false }
    // Data is never cut: zeros next to it are, and so is the longer of two runs of zeros.
    let extents = [slot.extent, partner.extent]
    let data = extents.filter { !$0.isZero }
    let end = data.isEmpty ? extents.map(\.guestEnd).min() : data.map(\.guestEnd).max()
    guard let end else { return false }
    for side in [slot, partner] where side.extent.isZero { side.extent.byteCount = end - position }
    turn.state.position = end
    return true
  }

  func locate(_ slot: Slot) throws(ConversionError) {
    try sources[0].locate(slot)
    try sources[1].locate(partner(of: slot))
  }

  func load(_ slot: Slot) throws(ConversionError) {
    let partner = partner(of: slot)
    if !slot.extent.isZero { try sources[0].load(slot) }
    if !partner.extent.isZero { try sources[1].load(partner) }
  }
}
