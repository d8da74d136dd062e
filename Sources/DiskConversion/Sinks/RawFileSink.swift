import ParallelsFormat
import StreamIO

/// A raw disk in a file or on a device, each extent at its own offset.
final class RawFileSink: ExtentSink {
  /// Runs of fewer bytes are not worth a call to reserve their room.
  private static let reservedByteCount = 64 << 10

  private let file: OpenFile
  private let control: ConversionControl
  /// Zero runs of this many bytes are left as holes; 0 when every zero has to be written.
  private let sparseByteCount: Int

  /// `readsAsZeros`: whether what is not written is zero already, as in a new file.
  init(_ file: OpenFile, sparseByteCount: Int, readsAsZeros: Bool, control: ConversionControl) {
    self.file = file
    self.control = control
    self.sparseByteCount = readsAsZeros ? sparseByteCount : 0
  }

  func prepare(_ slot: Slot) {
    guard !slot.extent.isZero else { return }
    guard sparseByteCount > 0 else {
      slot.runs = [0..<slot.bytes.count]
      return
    }
    slot.runs = dataRuns(
      in: UnsafeRawBufferPointer(slot.bytes), at: slot.extent.guestOffset, blockByteCount: sparseByteCount)
  }

  func place(_ slot: Slot) {}

  func store(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return try storeZeros(slot.extent) }
    for run in slot.runs {
      let bytes = UnsafeRawBufferPointer(rebasing: slot.buffer[run])
      let offset = slot.extent.guestOffset + UInt64(run.lowerBound)
      reserve(offset..<offset + UInt64(run.count))
      try converting { () throws(IOError) in try file.write(bytes, at: offset) }
      control.countWritten(UInt64(run.count))
    }
  }

  /// Asks the system for the room of a run before it is written, all at once.
  ///
  /// A file takes one write at a time, so what a write does besides copying keeps the other threads waiting. Measured on
  /// ext4, a 2 GiB disk with 0.8 GiB of data, two threads: 0.166 s without, 0.112 s with it. A system that refuses is
  /// asked again: the write will tell whether there is room.
  private func reserve(_ range: Range<UInt64>) {
    guard file.kind == .regular, range.upperBound - range.lowerBound >= Self.reservedByteCount else { return }
    _ = file.reserve(range)
  }

  private func storeZeros(_ extent: Extent) throws(ConversionError) {
    guard sparseByteCount == 0 else { return }
    if file.kind == .blockDevice, file.zeroDevice(extent.guestOffset..<extent.guestEnd) { return }
    reserve(extent.guestOffset..<extent.guestEnd)
    try ZeroBlock.forEachBlock(of: extent.byteCount) { (block, done) throws(ConversionError) in
      guard !control.isEnding else { throw ConversionError(file.name, .cancelled) }
      try converting { () throws(IOError) in try file.write(block, at: extent.guestOffset + done) }
      control.countWritten(UInt64(block.count))
    }
  }
}
