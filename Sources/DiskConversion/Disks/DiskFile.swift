import StreamIO

/// A file that bytes of a disk are read from, as it was when it was opened.
struct DiskFile: Sendable {
  let file: OpenFile
  /// Length of the file when it was opened, in bytes.
  let byteCount: UInt64
  private let version: [Int]
  /// Counts what is read; nil for a temporary file.
  private let progress: ConversionProgress?

  /// Nothing of `file` may have been read before; nil for a stream.
  init?(_ file: OpenFile, progress: ConversionProgress?) throws(ConversionError) {
    version = try converting(file.version())
    guard let byteCount = try converting(file.byteCount()) else { return nil }
    self.file = file
    self.byteCount = byteCount
    self.progress = progress
  }

  var name: String { file.name }

  /// Fills `buffer` from `offset` on: the one place where bytes of a disk are read, and counted.
  ///
  /// - Throws: `endedEarly` when the file was cut meanwhile: callers ask only for what it had when it was opened.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(ConversionError) {
    let count = try converting(file.read(into: buffer, at: offset))
    progress?.countRead(count)
    guard count == buffer.count else { throw ConversionError(name, .endedEarly(byteCount: offset + UInt64(count))) }
  }

  /// The first byte at or after `offset` that may hold data; nil when only holes are left.
  ///
  /// - Throws: `endedEarly` when the file was cut meanwhile: the system finds no data there, either.
  func dataStart(from offset: UInt64) throws(ConversionError) -> UInt64? {
    if let start = file.dataStart(from: offset, end: byteCount) { return start }
    let length = try converting(file.byteCount()) ?? byteCount
    guard length >= byteCount else { throw ConversionError(name, .endedEarly(byteCount: length)) }
    return nil
  }

  /// Bytes that the file takes on its file system, holes not counted.
  func storedByteCount() throws(ConversionError) -> UInt64 { try converting(file.storedByteCount()) }

  /// Whether somebody has written to the file since it was opened, which makes a copy of two states.
  func wasChanged() throws(ConversionError) -> Bool {
    guard file.kind == .regular else { return false }
    return try converting(file.version()) != version
  }
}

extension DiskFile: Equatable {
  static func == (first: DiskFile, second: DiskFile) -> Bool { first.file === second.file }
}
