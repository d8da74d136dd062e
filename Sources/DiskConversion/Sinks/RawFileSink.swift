import ParallelsFormat
import StreamIO

/// A raw disk in a file or on a device, each extent at its own offset.
final class RawFileSink: ExtentSink {
  /// Runs of fewer bytes are not worth a call to reserve their room.
  private static let reservedByteCount = 64 << 10

  /// What is in the place of the disk's zeros.
  enum OldContents {
    /// Zeros, as in a new file: they are left alone.
    case zeros
    /// Other data, in a file that can have holes.
    case data
    /// Other data, on a device.
    case deviceData
  }

  private let file: OpenFile
  private let control: ConversionControl
  private let oldContents: OldContents
  /// Zero runs of this many bytes become holes; 0 when every zero has to be written.
  private let sparseByteCount: Int

  init(_ file: OpenFile, sparseByteCount: Int, over oldContents: OldContents, control: ConversionControl) {
    self.file = file
    self.control = control
    self.oldContents = oldContents
    self.sparseByteCount = oldContents == .deviceData ? 0 : sparseByteCount
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
    let start = slot.extent.guestOffset
    guard !slot.extent.isZero else { return try storeZeros(start..<slot.extent.guestEnd) }
    var end = start
    for run in slot.runs {
      let offset = start + UInt64(run.lowerBound)
      try storeZeros(end..<offset)
      end = offset + UInt64(run.count)
      reserve(offset..<end)
      let bytes = UnsafeRawBufferPointer(rebasing: slot.buffer[run])
      try converting { () throws(FileError) in try file.write(bytes, at: offset) }
      control.countWritten(UInt64(run.count))
    }
    try storeZeros(end..<slot.extent.guestEnd)
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

  private func storeZeros(_ range: Range<UInt64>) throws(ConversionError) {
    guard !range.isEmpty else { return }
    switch oldContents {
    case .zeros where sparseByteCount > 0: return
    case .data where sparseByteCount > 0 && file.punchHole(range): return
    case .deviceData where file.zeroDevice(range): return
    case .zeros, .data, .deviceData: break
    }
    reserve(range)
    try ZeroBlock.forEachBlock(of: range.upperBound - range.lowerBound) { (block, done) throws(ConversionError) in
      guard !control.isEnding else { throw ConversionError(file.name, .cancelled) }
      try converting { () throws(FileError) in try file.write(block, at: range.lowerBound + done) }
      control.countWritten(UInt64(block.count))
    }
  }
}
