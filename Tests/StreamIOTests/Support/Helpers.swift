import TestSupport

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TemporaryFolder {
  /// Makes a file with these bytes; returns its path.
  func make(_ name: String, _ bytes: [UInt8]) throws -> String {
    try write(bytes, to: name)
    return self(name)
  }

  /// Opens a file for reading and writing; a new one if there is none.
  func openForBoth(_ name: String, baseOffset: UInt64 = 0) throws -> OpenFile {
    let descriptor = open(self(name), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError(.open, name, code: errno) }
    return try OpenFile(adopting: descriptor, name: name, baseOffset: baseOffset)
  }
}

extension OpenFile {
  /// The bytes at `offset`: `byteCount`, or fewer at the end.
  func bytes(_ byteCount: Int, at offset: UInt64) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: byteCount)
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: offset) }
    return Array(bytes[..<count])
  }
}
