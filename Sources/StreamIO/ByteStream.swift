/// Bytes that come in order and only once: a pipe, a file read from its start, what a decoder makes of either.
public protocol ByteStream: AnyObject {
  /// Fills `buffer` with the next bytes; returns how many, fewer than asked for only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int
}

/// Why a stream of bytes ended before its end.
public enum StreamError: Error, Equatable, Sendable {
  /// The system could not read.
  case io(IOError)
}

/// The bytes of an open file in order, some of which may be looked at before they are taken.
public final class FileStream: ByteStream {
  private let file: OpenFile
  private let interrupt: Interrupt
  /// Bytes read ahead by `peek`, not yet taken.
  private var peeked: [UInt8] = []
  /// Where the next byte stands in the file.
  public private(set) var position: UInt64 = 0

  /// The bytes of `file` from its start on.
  public init(_ file: OpenFile, interrupt: Interrupt) {
    self.file = file
    self.interrupt = interrupt
  }

  /// The next bytes, which stay in the stream: `byteCount` of them, or fewer at the end.
  public func peek(_ byteCount: Int) throws(StreamError) -> [UInt8] {
    guard peeked.count < byteCount else { return Array(peeked.prefix(byteCount)) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount - peeked.count, alignment: 1)
    defer { buffer.deallocate() }
    let count = try readFile(into: buffer, at: position + UInt64(peeked.count))
    peeked += buffer[..<count]
    return peeked
  }

  /// Takes the next bytes: `byteCount` of them, or fewer at the end.
  public func next(_ byteCount: Int) throws(StreamError) -> [UInt8] {
    let bytes = try peek(byteCount)
    peeked.removeFirst(bytes.count)
    position += UInt64(bytes.count)
    return bytes
  }

  /// Fills `buffer` with the next bytes; returns how many, fewer than asked for only at the end.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(StreamError) -> Int {
    let taken = min(peeked.count, buffer.count)
    if taken > 0 {
      buffer.copyBytes(from: peeked[..<taken])
      peeked.removeFirst(taken)
    }
    let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[taken...])
    let count = try taken + readFile(into: rest, at: position + UInt64(taken))
    position += UInt64(count)
    return count
  }

  private func readFile(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(StreamError) -> Int {
    do throws(IOError) {
      return try file.isSeekable
        ? file.read(into: buffer, at: offset)
        : file.readNext(into: buffer, position: offset, interrupt: interrupt)
    } catch {
      throw .io(error)
    }
  }
}
