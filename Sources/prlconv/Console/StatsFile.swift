import ArgumentParser
import DiskConversion
import StreamIO

/// The file of `--stats-file`: opened before the work, so that it can be written after it, and after a failure, too.
///
/// Until then it says that the work is not finished, and takes the space that it will need: a full disk must not turn a
/// complete output into a failure. It never replaces anything but statistics.
final class StatsFile: Sendable {
  /// More than the figures and a message with two long paths.
  private static let reservedByteCount = 32 << 10

  private let file: OpenFile

  /// Throws if the file can't be opened, holds something else, or would be in the way of the input or the output.
  init(_ path: String, besides files: ConvertedFiles) throws {
    try Self.refusePlace(path, besides: files)
    var status = stat()
    guard stat(path, &status) == 0 else {
      // Fails for a link that leads nowhere: it may lead to what will be the output.
      file = try OpenFile(creating: path, name: path)
      do throws(FileError) {
        try reserve(for: files)
      } catch {
        _ = unlink(path)
        throw error
      }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      file = try OpenFile(updating: path)
      guard try Self.hasOnlyStats(file), !Self.isRedirected(file) else { throw Self.holdsOther }
      try reserve(for: files)
    case S_IFBLK: throw Self.holdsOther
    default: file = try OpenFile(writing: path, flags: O_WRONLY)
    }
  }

  private static let holdsOther = ValidationError(
    "--stats-file names something other than statistics, which is not replaced")

  private static func refusePlace(_ path: String, besides files: ConvertedFiles) throws {
    guard path != "-" else { throw ValidationError("--stats-file takes the name of a file: --stats writes to stderr") }
    for case .path(let other) in [files.source, files.target] {
      guard Place(other) != Place(path), other.isEmpty || !isSameFile(other, path) else {
        throw ValidationError("--stats-file must name a file that is neither INPUT nor OUTPUT")
      }
    }
    guard access(directoryPart(of: path) + "DiskDescriptor.xml", F_OK) != 0 else {
      throw ValidationError("--stats-file must not name a file in a bundle")
    }
  }

  private static func isSameFile(_ first: String, _ second: String) -> Bool {
    guard let identity = OpenFile.identity(ofPath: first) else { return false }
    return identity == OpenFile.identity(ofPath: second)
  }

  /// Whether standard input or output is the same file.
  private static func isRedirected(_ file: OpenFile) -> Bool {
    [STDIN_FILENO, STDOUT_FILENO].contains { OpenFile.identity(ofDescriptor: $0) == file.identity }
  }

  private static func hasOnlyStats(_ file: OpenFile) throws(FileError) -> Bool {
    let start = Array(Stats.start.utf8)
    var found = [UInt8](repeating: 0, count: start.count)
    var bytes = found.mutableSpan
    let count = try bytes.withUnsafeMutableBytes { (bytes) throws(FileError) in try file.read(into: bytes, at: 0) }
    return count == 0 || found == start
  }

  private func reserve(for files: ConvertedFiles) throws(FileError) {
    let names = Stats.Names(input: files.inputName, output: files.outputName)
    let unfinished = Array((Stats.unfinished.json(of: names) + "\n").utf8)
    let padding = max(0, Self.reservedByteCount - unfinished.count)
    try write(unfinished + [UInt8](repeating: UInt8(ascii: " "), count: padding))
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

/// A name in a folder, whether it exists or not.
private struct Place: Equatable {
  let folder: OpenFile.Identity?
  let name: Substring

  init(_ path: String) {
    var path = path[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    let directory = directoryPart(of: String(path))
    folder = OpenFile.identity(ofPath: directory.isEmpty ? "." : directory)
    name = path.dropFirst(directory.count)
  }
}
