/// A stream that knows its position and lets you look at the next bytes before taking them.
package final class LookaheadStream: ByteStream {
  private enum Base {
    case file(OpenFile, Interrupt)
    case stream(any ByteStream)
  }

  private let base: Base
  /// Bytes that `peek` has read but that were not taken yet.
  private var lookahead: [UInt8] = []
  /// Bytes taken so far.
  package private(set) var position: UInt64 = 0

  /// The bytes of `file` from its start; `interrupt` ends a wait for them.
  package init(_ file: OpenFile, interrupt: Interrupt) { base = .file(file, interrupt) }

  /// The bytes of `stream`, which nothing else may read from now on.
  package init(_ stream: any ByteStream) { base = .stream(stream) }

  /// The next `byteCount` bytes, which stay in the stream; fewer only at the end.
  package func peek(_ byteCount: Int) throws(FileError) -> [UInt8] {
    guard lookahead.count < byteCount else { return Array(lookahead.prefix(byteCount)) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount - lookahead.count, alignment: 1)
    defer { buffer.deallocate() }
    let count = try readBase(into: buffer)
    lookahead += buffer[..<count]
    return lookahead
  }

  /// Takes the next `byteCount` bytes; fewer only at the end.
  package func next(_ byteCount: Int) throws(FileError) -> [UInt8] {
    let bytes = try peek(byteCount)
    lookahead.removeFirst(bytes.count)
    position += UInt64(bytes.count)
    return bytes
  }

  /// Fills `buffer` with the next bytes; returns the number read, which is smaller only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let taken = min(lookahead.count, buffer.count)
    if taken > 0 {
      buffer.copyBytes(from: lookahead[..<taken])
      lookahead.removeFirst(taken)
      position += UInt64(taken)
    }
    let count = try readBase(into: UnsafeMutableRawBufferPointer(rebasing: buffer[taken...]))
    position += UInt64(count)
    return taken + count
  }

  package var zerosAhead: UInt64 {
    guard lookahead.isEmpty, case .stream(let stream) = base else { return 0 }
    return stream.zerosAhead
  }

  package func skipZeros(_ byteCount: UInt64) {
    guard case .stream(let stream) = base else { return }
    stream.skipZeros(byteCount)
    position += byteCount
  }

  private func readBase(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    switch base {
    case .stream(let stream): return try stream.read(into: buffer)
    case .file(let file, let interrupt):
      let offset = position + UInt64(lookahead.count)
      guard file.isSeekable else { return try file.readNext(into: buffer, position: offset, interrupt: interrupt) }
      return try file.read(into: buffer, at: offset)
    }
  }
}
