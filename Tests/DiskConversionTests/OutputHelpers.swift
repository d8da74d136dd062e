import StreamIO

extension OpenFile {
  /// Writes bytes at an offset.
  func put(_ bytes: [UInt8], at offset: UInt64) throws { try bytes.withUnsafeBytes { try write($0, at: offset) } }

  /// Writes bytes to a stream.
  func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try writeNext($0, position: 0) } }
}

/// The permissions of a file.
func mode(of path: String) throws -> mode_t {
  var status = stat()
  guard stat(path, &status) == 0 else { throw FileError(.status, path, code: errno) }
  return status.st_mode & 0o777
}
