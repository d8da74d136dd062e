import StreamIO

/// Finds the first byte in which two disks differ.
final class DifferenceSink: ExtentSink {
  private let pair: PairSource
  /// For each thread, the offset in its extent of the first difference, or nil.
  private let differences: PerThread<Int?>
  private let found = InTurn<UInt64?>(nil)

  init(of pair: PairSource, shape: PipelineShape) {
    self.pair = pair
    differences = PerThread(count: shape.threadCount, repeating: nil)
  }

  /// The offset on the disk, in bytes; nil if no difference was found yet.
  var firstDifference: UInt64? { found.state }

  func prepare(_ slot: Slot) { differences[slot] = difference(slot, pair.partner(of: slot)) }

  func place(_ slot: Slot) -> Placement {
    guard let place = differences[slot] else { return .next }
    found.state = slot.extent.guestOffset + UInt64(place)
    return .stop
  }

  /// The offset in the extent at which the two slots first differ, or nil.
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
