/// Writes every extent in order to a pipe, zeros included.
final class StreamSink: ExtentSink {
  private let target: TargetFile
  private let written = InTurn<UInt64>(0)

  init(_ target: TargetFile) { self.target = target }

  /// Bytes written so far.
  var position: UInt64 { written.state }

  /// Writes the bytes that precede the first extent.
  func begin(with bytes: UnsafeRawBufferPointer) throws(ConversionError) {
    try target.append(bytes, at: written.state)
    written.state += UInt64(bytes.count)
  }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    if slot.extent.isZero {
      try target.writeZeros(over: written.state..<written.state + slot.extent.byteCount)
    } else {
      try target.append(UnsafeRawBufferPointer(slot.bytes), at: written.state)
    }
    written.state += slot.extent.byteCount
    return .next
  }
}
