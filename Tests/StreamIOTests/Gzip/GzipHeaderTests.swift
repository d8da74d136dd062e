import TestSupport
import Testing

@testable import StreamIO

@Suite("Headers of gzip members", .timeLimit(.minutes(15)))
struct GzipHeaderTests {
  /// The header in which bit `i` of `choice` says whether the `i`-th optional field is there.
  private func sample(_ choice: Int) -> GzipSample {
    GzipSample(
      data: [1, 2, 3], isText: choice & 1 != 0, extra: choice & 2 != 0 ? [0x1F, 0x8B, 0, 8] : nil,
      name: choice & 4 != 0 ? "disk.img" : nil, comment: choice & 8 != 0 ? "of a server" : nil,
      hasHeaderChecksum: choice & 16 != 0)
  }

  @Test("Optional fields may be there in any combination", arguments: 0..<32)
  func optionalFields(choice: Int) throws {
    #expect(try gunzipped(sample(choice).bytes) == [1, 2, 3])
  }

  @Test("A later member may also have optional fields", arguments: 0..<32)
  func laterMember(choice: Int) throws {
    #expect(try gunzipped(GzipSample(data: [0]).bytes + sample(choice).bytes) == [0, 1, 2, 3])
  }

  @Test("A wrong checksum of the header is damage", arguments: [16, 31], [1, 0x8000] as [UInt16])
  func headerChecksum(choice: Int, fault: UInt16) throws {
    var sample = sample(choice)
    sample.headerChecksumFault = fault
    let error = try #require(try gzipFault(of: sample.bytes))
    #expect(error.reason == .gzip(.damaged("header crc mismatch")))
    let offset = try #require(error.byteOffset)
    #expect(offset <= UInt64(sample.header.count))
  }

  @Test("An extra field may have any length", arguments: [0, 1, 65535])
  func extraLength(byteCount: Int) throws {
    let extra = [UInt8](repeating: 0x1F, count: byteCount)
    #expect(try gunzipped(GzipSample(data: [7], extra: extra, hasHeaderChecksum: true).bytes) == [7])
  }

  @Test("Flags that have no meaning yet are refused", arguments: [0x20, 0x40, 0x80] as [UInt8])
  func reservedFlags(flag: UInt8) throws {
    var bytes = GzipSample(data: [1]).bytes
    bytes[3] |= flag
    #expect(try gzipFault(of: bytes)?.reason == .gzip(.damaged("unknown header flags set")))
  }

  @Test("Compression that is not deflate is refused", arguments: [0, 7, 9, 255] as [UInt8])
  func method(method: UInt8) throws {
    var bytes = GzipSample(data: [1]).bytes
    bytes[2] = method
    #expect(try gzipFault(of: bytes)?.reason == .gzip(.damaged("unknown compression method")))
  }

  @Test("A zlib stream is not a gzip stream")
  func zlib() throws {
    // python3 -c 'import zlib; print(list(zlib.compress(b"a")))'
    #expect(try gzipFault(of: [120, 156, 75, 4, 0, 0, 98, 0, 98]) != nil)
  }

  @Test("The header that is written has no name and no time")
  func written() {
    #expect(GzipMember.header == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
  }

  @Test("The trailer that is written ends the blocks and has CRC and length, modulo 2³²")
  func trailer() {
    let checksum = "123456789".utf8.withContiguousStorageIfAvailable { Checksum(of: UnsafeRawBufferPointer($0)) }
    #expect(checksum.map(GzipMember.trailer) == [3, 0, 0x26, 0x39, 0xF4, 0xCB, 9, 0, 0, 0])
    #expect(GzipMember.trailer(Checksum(ofZeros: 1 << 32 + 5)).suffix(4) == [5, 0, 0, 0])
  }
}
