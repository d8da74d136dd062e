/// Bytes that can be read once, in order: from a pipe, from the start of a file, or from a decoder.
package protocol ByteStream: AnyObject {
  /// Fills `buffer` with the next bytes; returns the number read, which is smaller only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int
}
