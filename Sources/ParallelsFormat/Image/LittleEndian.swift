extension RawSpan {
  /// The little-endian integer at `offset`.
  ///
  /// Traps if it reaches past the end, so callers check the length once.
  func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at offset: Int) -> Value {
    Value(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Stores `value` at `offset`, least significant byte first.
  ///
  /// Traps if it reaches past the end.
  func store<Value: FixedWidthInteger & BitwiseCopyable>(littleEndian value: Value, at offset: Int) {
    precondition(offset >= 0 && offset + MemoryLayout<Value>.size <= count)
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}

extension FixedWidthInteger {
  /// The bytes of the integer, least significant first.
  var littleEndianBytes: [UInt8] { (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }
}
