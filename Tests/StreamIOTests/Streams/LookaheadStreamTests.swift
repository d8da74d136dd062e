import TestSupport
import Testing

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The same from a file, which is read at offsets, and from a pipe, which is not.
@Suite("Bytes that come in order", .timeLimit(.minutes(15)))
struct LookaheadStreamTests {
  enum End: CaseIterable { case file, pipe }

  private let folder = TemporaryFolder()

  @Test("Bytes that were looked at stay in the stream", arguments: End.allCases)
  func peek(end: End) throws {
    let stream = try stream(of: [1, 2, 3, 4, 5], from: end)
    #expect(try stream.peek(2) == [1, 2])
    #expect(stream.position == 0)
    #expect(try stream.peek(4) == [1, 2, 3, 4])
    #expect(try stream.peek(1) == [1])
    #expect(try take(5, from: stream) == [1, 2, 3, 4, 5])
    #expect(stream.position == 5)
  }

  @Test("Bytes that were taken do not come again", arguments: End.allCases)
  func next(end: End) throws {
    let stream = try stream(of: [1, 2, 3, 4, 5], from: end)
    #expect(try stream.peek(3) == [1, 2, 3])
    #expect(try stream.next(2) == [1, 2])
    #expect(stream.position == 2)
    #expect(try stream.next(2) == [3, 4])
    #expect(stream.position == 4)
    #expect(try stream.peek(1) == [5])
  }

  @Test("A read takes what was looked at first, and then goes on", arguments: End.allCases)
  func readAcrossPeeked(end: End) throws {
    let stream = try stream(of: [1, 2, 3, 4, 5, 6], from: end)
    #expect(try stream.peek(3) == [1, 2, 3])
    #expect(try take(2, from: stream) == [1, 2])
    #expect(stream.position == 2)
    #expect(try take(3, from: stream) == [3, 4, 5])
    #expect(stream.position == 5)
  }

  @Test("Only the end makes an answer short", arguments: End.allCases)
  func atEnd(end: End) throws {
    let stream = try stream(of: [1, 2, 3], from: end)
    #expect(try stream.peek(10) == [1, 2, 3])
    #expect(try stream.next(2) == [1, 2])
    #expect(try take(10, from: stream) == [3])
    #expect(stream.position == 3)
    #expect(try stream.next(4).isEmpty)
    #expect(try take(4, from: stream).isEmpty)
    #expect(stream.position == 3)
  }

  @Test("Nothing is taken when nothing is asked for", arguments: End.allCases)
  func nothing(end: End) throws {
    let stream = try stream(of: [1], from: end)
    #expect(try stream.next(0).isEmpty)
    #expect(try take(0, from: stream).isEmpty)
    #expect(stream.position == 0)
    #expect(try stream.next(1) == [1])
  }

  @Test("Any mixture of calls gives the bytes in order", arguments: End.allCases, 0..<8)
  func mixture(end: End, round: Int) throws {
    var random = SeededRandom("peeking stream", round)
    let bytes = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let stream = try stream(of: bytes, from: end)
    var taken: [UInt8] = []
    while taken.count < bytes.count {
      let count = Int.random(in: 0...120, using: &random)
      let expected = Array(bytes[taken.count..<min(bytes.count, taken.count + count)])
      switch Int.random(in: 0..<3, using: &random) {
      case 0: #expect(try stream.peek(count) == expected)
      case 1: taken += try stream.next(count)
      default: taken += try take(count, from: stream)
      }
      #expect(stream.position == UInt64(taken.count))
    }
    #expect(taken == bytes)
  }

  @Test("A read that fails says so as an error of the stream")
  func failure() throws {
    let output = open(folder("disk"), O_WRONLY | O_CREAT, 0o644)
    let file = try OpenFile(adopting: output, name: "disk")
    let stream = LookaheadStream(file, interrupt: try Interrupt())
    #expect(throws: FileError(.read, "disk", at: 0, code: EBADF)) { try stream.next(1) }
  }

  private func stream(of bytes: [UInt8], from end: End) throws -> LookaheadStream {
    let interrupt = try Interrupt()
    switch end {
    case .file:
      return LookaheadStream(try OpenFile(reading: folder.make("disk", bytes)), interrupt: interrupt)
    case .pipe:
      let pipe = try Pipe()
      try pipe.write(bytes)
      try pipe.writeEnd.close()
      return LookaheadStream(pipe.readEnd, interrupt: interrupt)
    }
  }

  private func take(_ byteCount: Int, from stream: LookaheadStream) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: byteCount)
    let count = try bytes.withUnsafeMutableBytes { try stream.read(into: $0) }
    return Array(bytes[..<count])
  }
}
