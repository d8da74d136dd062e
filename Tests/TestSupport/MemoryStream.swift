package import StreamIO

/// Bytes in memory as a stream.
package final class MemoryStream: ByteStream {
  private var rest: ArraySlice<UInt8>

  /// A stream of these bytes.
  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  /// Takes the next bytes.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let taken = rest.prefix(buffer.count)
    buffer.copyBytes(from: taken)
    rest = rest.dropFirst(taken.count)
    return taken.count
  }
}
