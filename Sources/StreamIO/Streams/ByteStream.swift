/// Bytes that come in order and only once: from a pipe, from the start of a file, or from a decoder.
package protocol ByteStream: AnyObject {
  /// Fills `buffer` with the next bytes and returns their count, which is less than asked for only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int
}
