import TestSupport
import Testing

@testable import StreamIO

@Suite("What is worth to be compressed", .timeLimit(.minutes(15)))
struct GzipProbeTests {
  private func isIncompressible(_ bytes: [UInt8]) throws -> Bool {
    let probe = try #require(CompressibilityProbe())
    return bytes.withUnsafeBytes { probe.isIncompressible($0) }
  }

  @Test("Random bytes are not", arguments: 0..<20)
  func random(index: Int) throws {
    var generator = SeededRandom("probe", index)
    #expect(try isIncompressible(Filling.random(32 << 10, using: &generator)))
  }

  @Test("Text, zeros and patterns are", arguments: [BlockFilling.text, .zeros, .pattern])
  func compressible(filling: BlockFilling) throws {
    var generator = SeededRandom("probe of \(filling)")
    #expect(try !isIncompressible(filling.bytes(32 << 10, using: &generator)))
  }

  @Test("A pattern in which all bytes are equally frequent is")
  func flatPattern() throws {
    #expect(try !isIncompressible(Array(repeatElement(Array(0...255), count: 128).joined())))
  }

  @Test("Random digits are: half of their bits are known")
  func digits() throws {
    var generator = SeededRandom("digits")
    let digits = (0..<32 << 10).map { _ in UInt8.random(in: 0x30...0x39, using: &generator) }
    #expect(try !isIncompressible(digits))
  }

  @Test("Half random, half zeros are")
  func halfZeros() throws {
    var generator = SeededRandom("half zeros")
    let bytes = Filling.random(16 << 10, using: &generator) + [UInt8](repeating: 0, count: 16 << 10)
    #expect(try !isIncompressible(bytes))
  }

  @Test("A few bytes are simply compressed", arguments: [0, 1, 511, 4096, 8191])
  func short(byteCount: Int) throws {
    var generator = SeededRandom("few bytes", byteCount)
    #expect(try !isIncompressible(Filling.random(byteCount, using: &generator)))
  }

  @Test("The answer does not depend on what was asked before")
  func history() throws {
    var generator = SeededRandom("probe history")
    let probe = try #require(CompressibilityProbe())
    for _ in 0..<10 {
      let random = Filling.random(32 << 10, using: &generator)
      let text = BlockFilling.text.bytes(32 << 10, using: &generator)
      #expect(random.withUnsafeBytes { probe.isIncompressible($0) })
      #expect(!text.withUnsafeBytes { probe.isIncompressible($0) })
    }
  }
}
