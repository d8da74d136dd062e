import ParallelsFormat
import StreamIO

/// A raw disk in a file or on a device, each extent at its own offset.
final class RawFileSink: ExtentSink {
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
      try converting { () throws(IOError) in
        try file.write(bytes, at: slot.extent.guestOffset + UInt64(run.lowerBound))
      }
      control.countWritten(UInt64(run.count))
    }
  }

  private func storeZeros(_ extent: Extent) throws(ConversionError) {
    guard sparseByteCount == 0 else { return }
    if file.kind == .blockDevice, file.zeroDevice(extent.guestOffset..<extent.guestEnd) { return }
    try ZeroBlock.forEachBlock(of: extent.byteCount) { (block, done) throws(ConversionError) in
      guard !control.isEnding else { throw ConversionError(file.name, .cancelled) }
      try converting { () throws(IOError) in try file.write(block, at: extent.guestOffset + done) }
      control.countWritten(UInt64(block.count))
    }
  }
}
