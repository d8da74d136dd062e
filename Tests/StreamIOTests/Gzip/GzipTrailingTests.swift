import TestSupport
import Testing

@testable import StreamIO

@Suite("Bytes after the last gzip member", .timeLimit(.minutes(15)))
struct GzipTrailingTests {
  private let member = GzipSample(data: [1, 2, 3]).bytes

  private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private func expectTrailingBytes(_ bytes: [UInt8], at offset: Int) {
    #expect(throws: FileError(.gzip(.trailingBytes), path: "disk.gz", at: UInt64(offset))) {
      try gunzipped(bytes)
    }
  }

  @Test("Zeros are padding", arguments: [1, 2, 7, 511, 512, 10240, 256 << 10, 600_000])
  func padding(count: Int) throws {
    let stream = try GzipStream(member + zeros(count))
    #expect(try stream.all() == [1, 2, 3])
    #expect(stream.compressedPosition == UInt64(member.count + count))
  }

  @Test("Zeros after several members are padding")
  func paddingBehindSeveral() throws {
    #expect(try gunzipped(member + GzipSample().bytes + member + zeros(100)) == [1, 2, 3, 1, 2, 3])
  }

  @Test("Padding may begin at any place of the decoder's buffer", arguments: -2...2)
  func paddingAlignment(shift: Int) throws {
    let head = GzipSample(data: [1], name: "").bytes.count
    let padded = GzipSample(data: [1], name: String(repeating: "n", count: 256 << 10 - head + shift)).bytes
    #expect(try gunzipped(padded + zeros(3)) == [1])
    expectTrailingBytes(padded + [0, 0, 0, 5], at: padded.count + 3)
  }

  @Test("A byte that begins no member is refused, and the error says where")
  func junk() {
    for byte in UInt8(1)...255 where byte != 0x1F { expectTrailingBytes(member + [byte, 0, 0], at: member.count) }
  }

  @Test("Anything after padding is refused, and the error says where", arguments: [1, 511, 300_000])
  func junkBehindPadding(count: Int) {
    expectTrailingBytes(member + zeros(count) + [1], at: member.count + count)
    expectTrailingBytes(member + zeros(count) + [0x1F], at: member.count + count)
    expectTrailingBytes(member + zeros(count) + [7] + zeros(9), at: member.count + count)
  }

  @Test("A member after padding is refused, as the padding is not at the end then")
  func memberBehindPadding() {
    expectTrailingBytes(member + zeros(4) + member, at: member.count + 4)
  }

  @Test("The first byte of a member alone is a member that is cut off")
  func loneMagicByte() throws {
    let expected = FileError(.gzip(.truncated), path: "disk.gz", at: UInt64(member.count + 1))
    #expect(try gzipFault(of: member + [0x1F]) == expected)
  }

  @Test("The first byte of a member before another second one is refused")
  func halfMagic() throws {
    for byte in UInt8.min...UInt8.max where byte != 0x8B {
      #expect(try gzipFault(of: member + [0x1F, byte] + zeros(30)) != nil, "\(byte)")
    }
  }

  @Test("What is after the data is looked at, even when the reader has all that it asked for")
  func readerThatAsksForAll() throws {
    let stream = try GzipStream(member + [5])
    #expect(throws: FileError(.gzip(.trailingBytes), path: "disk.gz", at: UInt64(member.count))) {
      // The data is all there; whether the first or the second read finds what comes after it is the decoder's choice.
      _ = try stream.next(3)
      _ = try stream.next(1)
    }
  }

  @Test("The message has place and reason")
  func messages() {
    func text(_ kind: FileError.GzipProblem) -> String { FileError(.gzip(kind), path: "disk.gz", at: 1234).description }
    #expect(text(.truncated).contains("1234"))
    #expect(text(.damaged("invalid block type")).contains("1234"))
    #expect(text(.damaged("invalid block type")).contains("invalid block type"))
    #expect(text(.trailingBytes).contains("1234"))
  }
}
