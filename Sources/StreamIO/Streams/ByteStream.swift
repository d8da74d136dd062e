/// Bytes that can be read once, in order: from a pipe, from the start of a file, or from a decoder.
package protocol ByteStream: AnyObject {
  /// Fills `buffer` with the next bytes; returns the number read, which is smaller only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int

  /// Zeros that are known to come next, so that they can be skipped instead of read.
  var zerosAhead: UInt64 { get }

  /// Takes the next `byteCount` bytes, which `zerosAhead` has announced.
  func skipZeros(_ byteCount: UInt64)
}

extension ByteStream {
  package var zerosAhead: UInt64 { 0 }
  package func skipZeros(_ byteCount: UInt64) {}
}
