import StreamIO

/// A file that holds bytes of a disk, with its length and version at the time of opening.
struct DiskFile: Sendable {
  private let input: InputFile
  /// Length of the file when it was opened, in bytes.
  let byteCount: UInt64
  private let version: [Int]
  /// Counts the bytes read; nil for a temporary file.
  private let progress: ConversionProgress?

  /// Requires that nothing was read from `file` yet; nil for a stream.
  init?(_ file: OpenFile, progress: ConversionProgress?) throws(ConversionError) {
    input = .file(file)
    version = try converting(file.version())
    guard let byteCount = try converting(file.byteCount()) else { return nil }
    self.byteCount = byteCount
    self.progress = progress
  }

  init(_ reader: NamedReader, progress: ConversionProgress) {
    input = .reader(reader)
    version = []
    byteCount = reader.reader.byteCount
    self.progress = progress
  }

  /// The file of the system; nil for bytes that a program provides.
  var file: OpenFile? { input.file }

  var name: String { input.name }

  var isDevice: Bool { file?.kind == .blockDevice }

  /// Fills `buffer` from `offset` on; all bytes of a disk are read, and counted, here.
  ///
  /// - Throws: `endedEarly` if the file was truncated since: callers ask only for bytes within its original length.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(ConversionError) {
    let count = try converting(input.read(into: buffer, at: offset))
    progress?.countRead(count)
    guard count == buffer.count else { throw ConversionError(name, .endedEarly(byteCount: offset + UInt64(count))) }
  }

  /// Counts bytes that the system moved elsewhere.
  func countRead(_ byteCount: Int) { progress?.countRead(byteCount) }

  /// The first byte at or after `offset` that may hold data; nil if only holes are left.
  ///
  /// - Throws: `endedEarly` if the file was truncated since, where the system finds no data, either.
  func dataStart(from offset: UInt64) throws(ConversionError) -> UInt64? {
    guard let file else { return offset < byteCount ? offset : nil }
    if let start = file.dataStart(from: offset, end: byteCount) { return start }
    let length = try converting(file.byteCount()) ?? byteCount
    guard length >= byteCount else { throw ConversionError(name, .endedEarly(byteCount: length)) }
    return nil
  }

  /// The end of the run of data that begins at `start`, but at most `end`.
  func dataEnd(from start: UInt64, end: UInt64) -> UInt64 { file?.dataEnd(from: start, end: end) ?? end }

  /// Bytes that the file occupies on its file system, not counting holes.
  func storedByteCount() throws(ConversionError) -> UInt64 {
    guard let file else { return byteCount }
    return try converting(file.storedByteCount())
  }

  /// Whether the file was written to since it was opened, so that a copy may mix two states.
  func wasChanged() throws(ConversionError) -> Bool {
    guard let file, file.kind == .regular else { return false }
    return try converting(file.version()) != version
  }
}

extension DiskFile: Equatable {
  static func == (first: DiskFile, second: DiskFile) -> Bool { first.input == second.input }
}
