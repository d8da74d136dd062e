import ArgumentParser
import DiskConversion
import StreamIO

/// The file of `--stats-file`: opened before the work, so that it can be written after it, and after a failure, too.
final class StatsFile: Sendable {
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
  }

  private static var isUsed: ValidationError {
    ValidationError("--stats-file must name a file that is neither INPUT nor OUTPUT")
  }

  /// Replaces what the file contains by one line.
  func write(_ json: String) throws(FileError) {
    let line = Array((json + "\n").utf8)
    if file.kind == .regular { try file.truncate(to: 0) }
    try line.span.bytes.withUnsafeBytes { (bytes) throws(FileError) in
      if file.isSeekable { try file.write(bytes, at: 0) } else { try file.writeNext(bytes, position: 0) }
    }
    try file.checkClose()
  }
}
