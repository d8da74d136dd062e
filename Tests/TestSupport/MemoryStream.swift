package import StreamIO

/// Bytes in memory as a stream.
package final class MemoryStream: ByteStream {
  private var rest: ArraySlice<UInt8>
  private let failure: FileError?

  /// A stream of these bytes, with an error in place of an end if there is a `failure`.
  package init(_ bytes: [UInt8], failure: FileError? = nil) { (rest, self.failure) = (bytes[...], failure) }

  /// Takes the next bytes.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let taken = rest.prefix(buffer.count)
    if let failure, taken.count < buffer.count { throw failure }
    buffer.copyBytes(from: taken)
    rest = rest.dropFirst(taken.count)
    return taken.count
  }
}
