import StreamIO

/// Bytes that your program provides as an input: from memory, from ranges of an HTTP resource, from an archive.
///
/// They are those of a file: a raw disk, a disk in gzip or a Parallels image. Pass an object to a conversion as
/// ``Endpoint/reader(_:name:)``.
public protocol DiskReader: AnyObject, Sendable {
  /// The number of bytes, which must not change.
  var byteCount: UInt64 { get }

  /// Fills all of `buffer` with the bytes from `offset` on, which are before the end.
  ///
  /// Called from several threads at once.
  ///
  /// - Throws: An error of your own, if the bytes can't be had; its `description` becomes part of the message.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws
}

/// A reader with its name for messages.
struct NamedReader: Sendable {
  let reader: any DiskReader
  let name: String

  /// Fills `buffer` from `offset` on; returns the number of bytes, which is smaller only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
    let end = reader.byteCount
    guard offset < end, !buffer.isEmpty else { return 0 }
    let count = Int(min(UInt64(buffer.count), end - offset))
    do {
      try reader.read(into: buffer.part(..<count), at: offset)
    } catch {
      throw FileError(.reader("\(error)"), path: name, at: offset)
    }
    return count
  }
}
