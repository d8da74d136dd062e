/// A stream whose next bytes may be looked at before they are taken, and which knows where it is.
package final class PeekingStream: ByteStream {
  private let base: any ByteStream
  /// Bytes read ahead by `peek`, not yet taken.
  private var peeked: [UInt8] = []
  /// Bytes taken so far.
  package private(set) var position: UInt64 = 0

  /// The bytes of `base`, which nobody else reads from now on.
  package init(_ base: any ByteStream) {
    self.base = base
  }

  /// The next bytes, which stay in the stream: `byteCount` of them, or fewer at the end.
  package func peek(_ byteCount: Int) throws(FileError) -> [UInt8] {
    guard peeked.count < byteCount else { return Array(peeked.prefix(byteCount)) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount - peeked.count, alignment: 1)
    defer { buffer.deallocate() }
    let count = try base.read(into: buffer)
    peeked += buffer[..<count]
    return peeked
  }

  /// Takes the next bytes: `byteCount` of them, or fewer at the end.
  package func next(_ byteCount: Int) throws(FileError) -> [UInt8] {
    let bytes = try peek(byteCount)
    peeked.removeFirst(bytes.count)
    position += UInt64(bytes.count)
    return bytes
  }

  /// Fills `buffer` with the next bytes; returns how many, fewer than asked for only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let taken = min(peeked.count, buffer.count)
    if taken > 0 {
      buffer.copyBytes(from: peeked[..<taken])
      peeked.removeFirst(taken)
    }
    let count = try taken + base.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[taken...]))
    position += UInt64(count)
    return count
  }
}
