import TestSupport
import Testing

@testable import StreamIO

/// The length in a trailer has 32 bits, and counts from 0 again at 4 GiB.
@Suite("Gzip members of more than 4 GiB", .timeLimit(.minutes(15)))
struct GzipWrapTests {
  /// 4096 times 1 MiB of zeros, then `tail`, with a length in the trailer that is wrong by `fault`.
  private func stream(tail: [UInt8], lengthFault fault: UInt32 = 0) throws -> [UInt8] {
    let deflater = try #require(BlockDeflater(level: CompressionLevel(6), blockByteCount: 1 << 20))
    let block = try #require(deflater.compressed([UInt8](repeating: 0, count: 1 << 20)))
    let end = try #require(deflater.compressed(tail))
    var bytes = GzipMember.header
    // Not joined lazily, which takes its time in a debug build.
    for _ in 0..<4096 { bytes += block }
    bytes += end + [3, 0]
    // Python: zlib.crc32 of 2³² zero bytes, and b"end" after them.
    bytes.append(littleEndian: 0xDEF9_35BF as UInt32)
    bytes.append(littleEndian: UInt32(tail.count) ^ fault)
    return bytes
  }

  /// Reads the zeros; returns what follows them.
  private func rest(of stream: GzipStream) throws -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 24, alignment: 64)
    defer { buffer.deallocate() }
    for _ in 0..<256 { try #require(try stream.read(into: buffer) == buffer.count) }
    return try stream.next(10)
  }

  @Test("All of it is decoded, and the data after 4 GiB")
  func wrapped() throws {
    #expect(try rest(of: GzipStream(stream(tail: Array("end".utf8)))) == Array("end".utf8))
  }

  @Test("A length that is wrong modulo 2³² is damage")
  func wrongLength() throws {
    let wrong = try stream(tail: Array("end".utf8), lengthFault: 4)
    let error = #expect(throws: FileError.self) { try rest(of: GzipStream(wrong)) }
    #expect(error?.reason == .gzip(.damaged("incorrect length check")))
  }
}
