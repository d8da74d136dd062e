import TestSupport
import Testing

@testable import StreamIO

@Suite("CRC and length of bytes", .timeLimit(.minutes(15)))
struct GzipChecksumTests {
  private func checksum(_ bytes: [UInt8]) -> Checksum { bytes.withUnsafeBytes { Checksum(of: $0) } }

  @Test("The check value of the standard")
  func checkValue() {
    #expect(checksum(Array("123456789".utf8)).crc == 0xCBF4_3926)
  }

  @Test("Nothing has the checksum that nothing was added to")
  func nothing() {
    #expect(checksum([]) == Checksum())
    #expect(Checksum().crc == 0 && Checksum().byteCount == 0)
  }

  @Test("Any bytes have the CRC of the definition, and their length")
  func definition() {
    var generator = SeededRandom("checksums")
    for count in [1, 2, 3, 7, 8, 9, 63, 64, 65, 511, 512, 4095, 65537] {
      let bytes = Filling.random(count, using: &generator)
      #expect(checksum(bytes).crc == definedCRC(bytes), "\(count) bytes")
      #expect(checksum(bytes).byteCount == UInt64(count))
    }
  }

  @Test("Checksums of two parts join to that of the whole, wherever it is cut")
  func twoParts() {
    var generator = SeededRandom("checksums of parts")
    let bytes = Filling.random(300, using: &generator)
    for cut in 0...bytes.count {
      var joined = checksum(Array(bytes[..<cut]))
      joined.append(checksum(Array(bytes[cut...])))
      #expect(joined == checksum(bytes), "cut at \(cut)")
    }
  }

  @Test("Checksums of many parts join to that of the whole", arguments: 0..<5)
  func manyParts(index: Int) {
    var generator = SeededRandom("checksums of many parts", index)
    let bytes = Filling.random(50_000, using: &generator)
    var joined = Checksum()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 0...3000, using: &generator))
      joined.append(checksum(Array(bytes[start..<end])))
      start = end
    }
    #expect(joined == checksum(bytes))
  }

  @Test("The checksum of a run of zeros is that of its bytes")
  func zeros() {
    for count in Array(0...70) + [511, 512, 513, 65535, 65536, 1 << 20 - 1, 1 << 20, 1 << 20 + 1] {
      #expect(Checksum(ofZeros: UInt64(count)) == checksum([UInt8](repeating: 0, count: count)), "\(count) zeros")
    }
  }

  @Test("More than 4 GiB of zeros have the CRC that zlib finds when it looks at each")
  func zerosBeyondWrap() {
    // Python: zlib.crc32 over 2³² and over 2³² + 5 zero bytes.
    #expect(Checksum(ofZeros: 1 << 32).crc == 0xD202_EF8D)
    #expect(Checksum(ofZeros: 1 << 32 + 5).crc == 0xB1C2_A1A3)
    #expect(Checksum(ofZeros: 1 << 32 + 5).byteCount == 1 << 32 + 5)
  }

  @Test("Zeros in parts are zeros as a whole, at any size", arguments: [20, 31, 32, 33, 40, 50, 62])
  func zerosInParts(power: Int) {
    let count = UInt64(1) << UInt64(power)
    var joined = Checksum(ofZeros: 12345)
    joined.append(Checksum(ofZeros: count))
    joined.append(Checksum(ofZeros: 1))
    #expect(joined == Checksum(ofZeros: count + 12346))
  }

  @Test("4096 blocks of 1 MiB and 5 bytes join to 4 GiB and 5 zeros")
  func zerosByBlocks() {
    let block = checksum([UInt8](repeating: 0, count: 1 << 20))
    var joined = Checksum()
    for _ in 0..<4096 { joined.append(block) }
    joined.append(checksum([0, 0, 0, 0, 0]))
    #expect(joined == Checksum(ofZeros: 1 << 32 + 5))
  }
}
