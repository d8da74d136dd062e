import ArgumentParser
import DiskConversion
import StreamIO

/// The file of `--stats-file`: opened before the work, so that it can be written after it, and after a failure, too.
///
/// Until then it says that the work is not finished, and takes the space that it will need: a full disk must not turn a
/// complete output into a failure.
final class StatsFile: Sendable {
  /// More than the figures and a message with two long paths.
  private static let reservedByteCount = 16 << 10

  private let file: OpenFile

  /// Throws if the file can't be opened, or if it is the input or the output.
  init(_ path: String, besides files: ConvertedFiles) throws {
    let others = [files.source, files.target]
    guard !others.contains(.path(path)) else { throw Self.isUsed }
    file = try OpenFile(writing: path, flags: O_WRONLY | O_CREAT)
    for case .path(let other) in others where OpenFile.identity(ofPath: other) == file.identity && !file.isDevice {
      throw Self.isUsed
    }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO]
    where OpenFile.identity(ofDescriptor: descriptor) == file.identity && others.contains(.standardStream) {
      throw Self.isUsed
    }
    guard file.kind == .regular else { return }
    let unfinished = Array((Stats.unfinished.json + "\n").utf8)
    try write(unfinished + [UInt8](repeating: UInt8(ascii: " "), count: Self.reservedByteCount - unfinished.count))
  }

  private static var isUsed: ValidationError {
    ValidationError("--stats-file must name a file that is neither INPUT nor OUTPUT")
  }

  /// Replaces what the file contains by one line.
  func write(_ json: String) throws(FileError) {
    try write(Array((json + "\n").utf8))
    try file.checkClose()
  }

  private func write(_ line: [UInt8]) throws(FileError) {
    try line.span.bytes.withUnsafeBytes { (bytes) throws(FileError) in
      if file.isSeekable { try file.write(bytes, at: 0) } else { try file.writeNext(bytes, position: 0) }
    }
    if file.kind == .regular { try file.truncate(to: UInt64(line.count)) }
  }
}
