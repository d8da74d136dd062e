import StreamIO

extension OpenFile {
  /// All bytes of a file.
  func allBytes() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: Int(try byteCount() ?? 0))
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: 0) }
    return Array(bytes[..<count])
  }
}

/// The permissions of a file.
func mode(of path: String) throws -> mode_t {
  var status = stat()
  guard stat(path, &status) == 0 else { throw FileError(.status, path, code: errno) }
  return status.st_mode & 0o777
}
