import StreamIO

/// Finds the first byte in which two disks differ.
final class DifferenceSink: ExtentSink {
  private let pair: PairSource
  /// Where in its extent the slot of a thread differs first, in bytes; nil when it does not.
  private let differences: PerThread<Int?>
  private let found = InTurn<UInt64?>(nil)

  init(of pair: PairSource, shape: PipelineShape) {
    self.pair = pair
    differences = PerThread(count: shape.threadCount, repeating: nil)
  }

  /// The offset on the disk, in bytes; nil as long as none was found.
  var firstDifference: UInt64? { found.state }

  func prepare(_ slot: Slot) { differences[slot] = difference(slot, pair.partner(of: slot)) }

  func place(_ slot: Slot) -> Placement {
    guard let place = differences[slot] else { return .next }
    found.state = slot.extent.guestOffset + UInt64(place)
    return .stop
  }

  /// Where in the extent the bytes of the two slots differ first, or nil.
  private func difference(_ first: Slot, _ second: Slot) -> Int? {
    switch (first.extent.isZero, second.extent.isZero) {
    case (true, true): return nil
    case (false, true): return firstData(in: UnsafeRawBufferPointer(first.bytes), from: 0)
    case (true, false): return firstData(in: UnsafeRawBufferPointer(second.bytes), from: 0)
    case (false, false): break
    }
    let common = min(first.bytes.count, second.bytes.count)
    guard let one = first.bytes.baseAddress, let other = second.bytes.baseAddress else { return nil }
    if memcmp(one, other, common) != 0 { return (0..<common).first { first.bytes[$0] != second.bytes[$0] } }
    let longer = first.bytes.count > common ? first.bytes : second.bytes
    return firstData(in: UnsafeRawBufferPointer(longer), from: common)
  }

  private func firstData(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let rest = bytes.part(start...)
    guard !isAllZero(rest) else { return nil }
    return rest.firstIndex { $0 != 0 }.map { start + $0 }
  }
}
