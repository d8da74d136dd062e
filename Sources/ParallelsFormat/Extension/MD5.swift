/// The MD5 digest of bytes that come in pieces (RFC 1321).
///
/// It protects the format extension. A package for this one function would cost every user more build time than
/// everything else; it has to detect damage, not attacks.
package struct MD5: Sendable {
  /// Size of a digest, in bytes.
  static let digestByteCount = 16

  private static let blockByteCount = 64
  /// Left rotations of the four rounds, in bits (RFC 1321, section 3.4).
  private static let rotations: [[UInt32]] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
  /// The integer parts of 2³² · |sin(i + 1)|, i in radians (RFC 1321, section 3.4).
  private static let sines: [UInt32] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
  ]

  private typealias State = (UInt32, UInt32, UInt32, UInt32)
  private var state: State = (0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476)
  /// The bytes of an incomplete block.
  private var pending: [UInt8] = []
  private var byteCount: UInt64 = 0

  /// Creates the digest of no bytes.
  package init() {}

  /// Takes the next bytes.
  package mutating func update(_ bytes: RawSpan) {
    byteCount += UInt64(bytes.byteCount)
    var offset = 0
    if !pending.isEmpty {
      offset = min(Self.blockByteCount - pending.count, bytes.byteCount)
      append(bytes.extracting(first: offset))
      guard pending.count == Self.blockByteCount else { return }
      let block = pending
      Self.compress(block.span.bytes, at: 0, into: &state)
      pending = []
    }
    while offset + Self.blockByteCount <= bytes.byteCount {
      Self.compress(bytes, at: offset, into: &state)
      offset += Self.blockByteCount
    }
    append(bytes.extracting(offset..<bytes.byteCount))
  }

  /// Takes `count` zero bytes.
  mutating func updateWithZeros(_ count: UInt64) {
    let block = [UInt8](repeating: 0, count: 64 * Self.blockByteCount)
    var rest = count
    while rest > 0 {
      let piece = Int(min(rest, UInt64(block.count)))
      update(block.span.bytes.extracting(first: piece))
      rest -= UInt64(piece)
    }
  }

  /// The digest of all bytes so far.
  package consuming func finish() -> [UInt8] {
    let bitCount = byteCount &* 8
    let paddingCount = (119 - Int(byteCount % 64)) % 64 + 1
    var tail: [UInt8] = [0x80] + Array(repeating: 0, count: paddingCount - 1)
    for shift in 0..<8 { tail.append(UInt8(truncatingIfNeeded: bitCount >> (8 * UInt64(shift)))) }
    update(tail.span.bytes)
    return [state.0, state.1, state.2, state.3].flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
    }
  }

  private mutating func append(_ bytes: RawSpan) {
    for offset in 0..<bytes.byteCount { pending.append(bytes.littleEndian(UInt8.self, at: offset)) }
  }

  private static func compress(_ bytes: RawSpan, at offset: Int, into state: inout State) {
    var (a, b, c, d) = state
    for step in 0..<64 {
      let mixed: UInt32
      let word: Int
      switch step / 16 {
      case 0: (mixed, word) = ((b & c) | (~b & d), step)
      case 1: (mixed, word) = ((d & b) | (~d & c), (5 * step + 1) % 16)
      case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
      default: (mixed, word) = (c ^ (b | ~d), 7 * step % 16)
      }
      let sum = a &+ mixed &+ Self.sines[step] &+ bytes.littleEndian(UInt32.self, at: offset + 4 * word)
      let rotation = Self.rotations[step / 16][step % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << rotation | sum >> (32 - rotation)))
    }
    state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
  }
}
