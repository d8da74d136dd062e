import TestSupport
import Testing

@testable import StreamIO

@Suite("Damaged gzip streams", .timeLimit(.minutes(15)))
struct GzipDamageTests {
  /// Two small members: Huffman codes in the first, all optional fields and stored data in the second.
  private let first = GzipSample.deflatedText
  private let second = GzipSample(
    data: Array(1...40), isText: true, extra: [1, 2, 3], name: "disk", comment: "small", hasHeaderChecksum: true)
  private var stream: [UInt8] { first + second.bytes }
  private var data: [UInt8] { GzipSample.text + second.data }

  @Test("A stream that is cut anywhere but after a member is an error that says where")
  func truncation() throws {
    for length in 0..<stream.count where length != first.count {
      let expected = FileError(.gzip(.truncated), path: "disk.gz", at: UInt64(length))
      #expect(try gzipFault(of: Array(stream[..<length])) == expected)
    }
  }

  @Test("A stream that is cut between members is what is in those before")
  func cutBetween() throws {
    #expect(try gunzipped(first) == GzipSample.text)
  }

  @Test("An error comes again when somebody reads on")
  func errorStays() throws {
    let stream = try GzipStream(Array(first[..<100]))
    for _ in 0..<3 { #expect(throws: FileError.self) { try stream.all() } }
  }

  @Test("A changed header is an error, but for fields that say nothing of the data", arguments: 0..<8)
  func headerBits(bit: Int) throws {
    for index in 0..<10 {
      var bytes = first
      bytes[index] ^= 1 << UInt8(bit)
      let fault = try gzipFault(of: bytes)
      // Bit 0 of the flags says that it is probably text; then time, effort and system.
      let isHarmless = index >= 4 || (index == 3 && bit == 0)
      #expect((fault == nil) == isHarmless, "byte \(index): \(String(describing: fault))")
      if fault == nil { #expect(try gunzipped(bytes) == GzipSample.text, "byte \(index)") }
    }
  }

  @Test("A changed header with a checksum is always an error", arguments: 0..<8)
  func checkedHeaderBits(bit: Int) throws {
    for index in second.header.indices {
      var bytes = second.bytes
      bytes[index] ^= 1 << UInt8(bit)
      #expect(try gzipFault(of: bytes) != nil, "byte \(index)")
    }
  }

  @Test("Changed data is an error, or decodes to the same", arguments: 0..<8)
  func bodyBits(bit: Int) throws {
    var harmlessCount = 0
    for index in 10..<first.count - 8 {
      var bytes = stream
      bytes[index] ^= 1 << UInt8(bit)
      guard try gzipFault(of: bytes) == nil else { continue }
      harmlessCount += 1
      #expect(try gunzipped(bytes) == data, "byte \(index)")
    }
    // Only bits after the end of the last block, up to the next whole byte, have no meaning.
    #expect(harmlessCount <= 1)
  }

  @Test("A changed trailer is always an error", arguments: 0..<8)
  func trailerBits(bit: Int) throws {
    for end in [first.count, stream.count] {
      for index in end - 8..<end {
        var bytes = stream
        bytes[index] ^= 1 << UInt8(bit)
        #expect(try gzipFault(of: bytes) != nil, "byte \(index)")
      }
    }
  }

  @Test(
    "Any byte in place of another is an error, or decodes to the same", arguments: [0, 0x1F, 0x8B, 0xFF] as [UInt8])
  func bytesInPlace(byte: UInt8) throws {
    for index in stream.indices {
      var bytes = stream
      bytes[index] = byte
      guard try gzipFault(of: bytes) == nil else { continue }
      #expect(try gunzipped(bytes) == data, "byte \(index)")
    }
  }

  @Test("A wrong CRC or length is damage, in the first member or a later one", arguments: [true, false])
  func wrongTrailer(isFirst: Bool) throws {
    let sound = GzipSample(data: [1, 2, 3]).bytes
    for (sample, words) in [
      (GzipSample(data: [1, 2, 3], crcFault: 1), "incorrect data check"),
      (GzipSample(data: [1, 2, 3], lengthFault: 1), "incorrect length check"),
      (GzipSample(data: [1, 2, 3], lengthFault: 1 << 31), "incorrect length check"),
    ] {
      let bytes = isFirst ? sample.bytes + sound : sound + sample.bytes
      let error = try #require(try gzipFault(of: bytes))
      #expect(error.reason == .gzip(.damaged(words)))
      let end = isFirst ? sample.bytes.count : bytes.count
      let offset = try #require(error.byteOffset)
      #expect((end - 8...end).contains(Int(offset)), "\(error)")
    }
  }

  @Test("Random bytes after a header are not data", arguments: Exhaustive.cases(0..<50, brief: 5))
  func randomBody(index: Int) throws {
    var generator = SeededRandom("gzip body", index)
    let body = Filling.random(4000, using: &generator)
    #expect(try gzipFault(of: GzipMember.header + body) != nil)
  }
}
