import StreamIO

/// Finds the first byte in which two disks differ.
final class DifferenceSink: ExtentSink, @unchecked Sendable {  // SAFETY: `firstDifference`: only in turn, by `place`.
  /// The offset on the disk, in bytes; nil as long as none was found.
  private(set) var firstDifference: UInt64?
  private let pair: PairSource

  init(of pair: PairSource) {
    self.pair = pair
  }

  func prepare(_ slot: Slot) {
    let place = difference(slot, pair.partner(of: slot))
    slot.runs = place.map { [$0..<$0 + 1] } ?? []
  }

  func place(_ slot: Slot) throws(ConversionError) {
    guard let place = slot.runs.first?.lowerBound else { return }
    firstDifference = slot.extent.guestOffset + UInt64(place)
    // What comes behind it is not wanted any more.
    throw ConversionError("comparison", .cancelled)
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
    if memcmp(one, other, common) != 0 {
      return (0..<common).first { first.bytes[$0] != second.bytes[$0] }
    }
    let longer = first.bytes.count > common ? first.bytes : second.bytes
    return firstData(in: UnsafeRawBufferPointer(longer), from: common)
  }

  private func firstData(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    guard !isAllZero(rest) else { return nil }
    return rest.firstIndex { $0 != 0 }.map { start + $0 }
  }
}
