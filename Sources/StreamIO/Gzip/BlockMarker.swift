/// The bytes that end the parts of a member which were compressed separately: one or two empty stored blocks
/// (RFC 1951, section 3.2.4).
///
/// Parts that end with two do not refer to each other: `pigz -i` and prlconv write them so. Those that end with one may.
struct BlockMarker {
  let bytes: [UInt8]

  private static let ones = SIMD4<UInt64>(repeating: 0x0101_0101_0101_0101)
  private static let highBits = SIMD4<UInt64>(repeating: 0x8080_8080_8080_8080)

  /// The four bytes of `single`, as a number: it is compared faster in data full of 0xFF.
  private static let firstBlock = UInt32(littleEndian: 0xFFFF_0000)

  static let single = BlockMarker(bytes: [0, 0, 0xFF, 0xFF])
  static let double = BlockMarker(bytes: single.bytes + secondBlock)

  /// The second of the two blocks; of the first, the bits before its length depend on what it follows.
  static let secondBlock: [UInt8] = [0, 0, 0, 0xFF, 0xFF]

  /// The marker that the bytes taken from `input` end with; nil if there is none, or if the second block
  /// of a double marker may come next.
  static func before(_ input: GzipInput) -> BlockMarker? {
    if input.takenEndWith(double.bytes) { return double }
    let isHalf = secondBlock.starts(with: input.bytes(limit: secondBlock.count))
    return input.takenEndWith(single.bytes) && !isHalf ? single : nil
  }

  /// The end of the first marker in `bytes` that begins at `start` or after it, as an offset.
  func firstEnd(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let stride = MemoryLayout<SIMD4<UInt64>>.size
    var offset = start
    while offset + stride < bytes.count {
      // Every marker contains two 0xFF in a row, which are rare elsewhere. ANDed and inverted, such a pair is one zero.
      let word =
        ~(bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
        & bytes.loadUnaligned(fromByteOffset: offset + 1, as: SIMD4<UInt64>.self))
      let zeroBytes = (word &- Self.ones) & ~word & Self.highBits
      if zeroBytes != .zero, let end = firstEnd(in: bytes, from: start, pairsAt: offset..<offset + stride) {
        return end
      }
      offset += stride
    }
    return firstEnd(in: bytes, from: start, pairsAt: offset..<max(offset, bytes.count - 1))
  }

  /// The end of the first marker that begins at `start` or after it, and whose first two 0xFF begin in `range`.
  private func firstEnd(in bytes: UnsafeRawBufferPointer, from start: Int, pairsAt range: Range<Int>) -> Int? {
    for offset in range where offset - 2 >= start && offset - 2 + self.bytes.count <= bytes.count {
      let first = bytes.loadUnaligned(fromByteOffset: offset - 2, as: UInt32.self)
      guard first == Self.firstBlock, bytes[(offset - 2)...].starts(with: self.bytes) else { continue }
      return offset - 2 + self.bytes.count
    }
    return nil
  }
}
