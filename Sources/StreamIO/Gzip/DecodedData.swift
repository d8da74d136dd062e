/// What is known of the bytes that a member was decoded to so far.
struct DecodedData {
  /// How far back a block can refer (RFC 1951, section 2).
  static let windowByteCount = 32 << 10
  /// Bytes that are looked at together: few enough to be in the cache when their checksum is computed.
  private static let pieceByteCount = 64 << 10

  private(set) var checksum = Checksum()
  /// Zeros at the end of the bytes.
  private(set) var zeroCount: UInt64 = 0

  /// Whether a block can refer to nothing but zeros.
  var windowIsZero: Bool { zeroCount >= UInt64(Self.windowByteCount) }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceByteCount))
      rest = rest.dropFirst(piece.count)
      if isAllZero(piece) {
        appendZeros(UInt64(piece.count))
      } else {
        checksum.append(piece)
        zeroCount = UInt64(zeroCountAtEnd(of: piece))
      }
    }
  }

  /// Appends the bytes of a section, which has their checksum, and which are not all zeros.
  mutating func append(_ section: Section) {
    checksum.append(section.checksum)
    zeroCount = UInt64(zeroCountAtEnd(of: section.data))
  }

  mutating func appendZeros(_ byteCount: UInt64) {
    checksum.appendZeros(byteCount)
    zeroCount += byteCount
  }
}
