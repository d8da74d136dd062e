/// Bytes that come in order and only once: a pipe, a file read from its start, what a decoder makes of either.
package protocol ByteStream: AnyObject {
  /// Fills `buffer` with the next bytes; returns how many, fewer than asked for only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int
}

/// The bytes of an open file, in order.
package final class FileStream: ByteStream {
  private let file: OpenFile
  private let interrupt: Interrupt
  private var position: UInt64 = 0

  /// The bytes of `file` from its start on; `interrupt` ends a wait for them.
  package init(_ file: OpenFile, interrupt: Interrupt) {
    self.file = file
    self.interrupt = interrupt
  }

  /// Fills `buffer` with the next bytes; returns how many, fewer than asked for only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let count =
      try file.isSeekable
      ? file.read(into: buffer, at: position)
      : file.readNext(into: buffer, position: position, interrupt: interrupt)
    position += UInt64(count)
    return count
  }
}
