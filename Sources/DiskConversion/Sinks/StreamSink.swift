import StreamIO

/// Every extent in order to a pipe, data and zeros alike.
final class StreamSink: ExtentSink, @unchecked Sendable {  // SAFETY: `position`: only in turn, by `place`.
  private let file: OpenFile
  private let control: ConversionControl
  /// Bytes written so far.
  private(set) var position: UInt64 = 0

  init(_ file: OpenFile, control: ConversionControl) {
    self.file = file
    self.control = control
  }

  /// Writes what comes before the first extent.
  func begin(with bytes: UnsafeRawBufferPointer) throws(ConversionError) {
    try converting { () throws(FileError) in try file.writeNext(bytes, position: position) }
    count(UInt64(bytes.count))
  }

  func place(_ slot: Slot) throws(ConversionError) {
    guard slot.extent.isZero else { return try begin(with: UnsafeRawBufferPointer(slot.bytes)) }
    // A long run goes out in pieces, so that a cancelled conversion does not go on for hours.
    try ZeroBlock.forEachBlock(of: slot.extent.byteCount) { (block, _) throws(ConversionError) in
      guard !control.isEnding else { throw ConversionError(file.name, .cancelled) }
      try begin(with: block)
    }
  }

  private func count(_ byteCount: UInt64) {
    position += byteCount
    control.countWritten(byteCount)
  }
}
