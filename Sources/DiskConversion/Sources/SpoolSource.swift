import StreamIO

/// A finished file from start to end, as it is.
final class SpoolSource: ExtentSource, @unchecked Sendable {  // SAFETY: `position`: only in turn, by `take`.
  private let file: OpenFile
  private let byteCount: UInt64
  private let control: ConversionControl
  private var position: UInt64 = 0

  init(_ file: OpenFile, byteCount: UInt64, control: ConversionControl) {
    self.file = file
    self.byteCount = byteCount
    self.control = control
  }

  func take(into slot: Slot) -> Bool {
    guard position < byteCount else { return false }
    let count = min(byteCount - position, UInt64(slot.buffer.count))
    slot.extent = Extent(guestOffset: position, byteCount: count, isZero: false)
    position += count
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    try loadRaw(slot, from: file, fileByteCount: byteCount, control: control)
  }
}
