#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Random numbers that come again when the session has the same seed (SplitMix64).
public struct SeededRandom: RandomNumberGenerator, Sendable {
  /// The seed of this session, printed once, so that a failure can be had again.
  ///
  /// It is that in the environment as `PRLCONV_TEST_SEED`, or else a new one.
  public static let sessionSeed: UInt64 = {
    let seed = getenv("PRLCONV_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 0...UInt64.max)
    print("PRLCONV_TEST_SEED=\(seed)")
    return seed
  }()

  private var state: UInt64

  /// The numbers that follow from `seed` alone.
  public init(seed: UInt64) {
    state = seed
  }

  /// The numbers of the session's seed for one purpose, whatever other tests draw and in whatever order they run.
  public init(_ purpose: String, _ index: Int = 0) {
    // FNV-1a: `hashValue` differs from one process to the next.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: Self.sessionSeed ^ hash &+ UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15)
    _ = next()
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }
}
