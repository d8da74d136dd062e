import TestSupport
import Testing

@testable import StreamIO

@Suite("Members of a gzip stream", .timeLimit(.minutes(15)))
struct GzipMemberTests {
  @Test("A member with Huffman codes of its own is decoded")
  func deflated() throws {
    #expect(try gunzipped(GzipSample.deflatedText) == GzipSample.text)
  }

  @Test("A member with stored data is decoded", arguments: [0, 1, 65535, 65536, 200_000])
  func stored(byteCount: Int) throws {
    let data = Filling.cluster(3, byteCount: byteCount)
    #expect(firstDifference(try gunzipped(GzipSample(data: data).bytes), data) == nil)
  }

  @Test("Members are joined, empty ones add nothing")
  func several() throws {
    let empty = GzipSample().bytes
    let stream =
      empty + GzipSample(data: [1, 2]).bytes + empty + empty + GzipSample.deflatedText + GzipSample(data: [3]).bytes
      + empty
    #expect(try gunzipped(stream) == [1, 2] + GzipSample.text + [3])
  }

  @Test("Any number of empty members holds nothing", arguments: [1, 2, 1000])
  func emptyOnly(count: Int) throws {
    #expect(try gunzipped(Array(repeatElement(GzipSample().bytes, count: count).joined())).isEmpty)
  }

  @Test("Reads may end anywhere, even at the end of a member", arguments: 1...12)
  func outputAlignment(readByteCount: Int) throws {
    let parts: [[UInt8]] = [[1, 2, 3, 4], [], [5], [6, 7, 8, 9, 10, 11, 12], [], []]
    let stream = Array(parts.map { GzipSample(data: $0).bytes }.joined())
    #expect(try gunzipped(stream, readByteCount: readByteCount) == Array(1...12))
  }

  @Test("A read that asks for nothing gets nothing, and takes nothing")
  func nothingAskedFor() throws {
    let stream = try GzipStream(GzipSample(data: [1]).bytes)
    #expect(try stream.next(0).isEmpty)
    #expect(try stream.next(2) == [1])
    #expect(try stream.next(0).isEmpty)
  }

  @Test("After the end there is nothing more")
  func afterEnd() throws {
    let stream = try GzipStream(GzipSample(data: [1]).bytes)
    #expect(try stream.all() == [1])
    #expect(try stream.next(5).isEmpty)
  }

  /// The decoder takes 256 KiB at a time: the name fills the first member, so that the second begins around there.
  @Test("A member may begin at any place of the decoder's buffer", arguments: -24...24)
  func inputAlignment(shift: Int) throws {
    let head = GzipSample(data: [1, 2, 3], name: "").bytes.count
    let first = GzipSample(data: [1, 2, 3], name: String(repeating: "n", count: 256 << 10 - head + shift)).bytes
    try #require(first.count == 256 << 10 + shift)
    #expect(try gunzipped(first + GzipSample(data: [4, 5]).bytes) == [1, 2, 3, 4, 5])
    #expect(try gunzipped(first) == [1, 2, 3])
  }

  @Test("The position is that of the last compressed byte that was needed")
  func position() throws {
    let first = GzipSample(data: [1, 2, 3]).bytes
    let stream = try GzipStream(first + GzipSample(data: [4, 5]).bytes)
    #expect(stream.compressedPosition == 0)
    _ = try stream.next(2)
    #expect(stream.compressedPosition < UInt64(first.count))
    _ = try stream.next(2)
    #expect((first.count..<first.count * 2).contains(Int(stream.compressedPosition)))
    _ = try stream.next(2)
    #expect(stream.compressedPosition == UInt64(first.count + GzipSample(data: [4, 5]).bytes.count))
  }

  @Test("Bytes that were looked at before are part of the stream")
  func peekedBefore() throws {
    let compressed = LookaheadStream(MemoryStream(GzipSample.deflatedText))
    #expect(try compressed.peek(2) == GzipStream.magic)
    #expect(try GzipStream(compressed, path: "disk.gz").all() == GzipSample.text)
  }
}
