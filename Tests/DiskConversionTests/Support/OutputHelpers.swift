import StreamIO

extension OpenFile {
  /// Writes bytes at an offset.
  func put(_ bytes: [UInt8], at offset: UInt64) throws { try bytes.withUnsafeBytes { try write($0, at: offset) } }

  /// Writes bytes to a stream.
  func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try writeNext($0, position: 0) } }

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
