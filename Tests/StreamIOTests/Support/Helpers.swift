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

/// Both ends of a new pipe.
struct Pipe {
  let readEnd: OpenFile
  let writeEnd: OpenFile

  init() throws {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw FileError(.open, "pipe", code: errno) }
    readEnd = try OpenFile(adopting: ends[0], name: "pipe")
    writeEnd = try OpenFile(adopting: ends[1], name: "pipe")
  }

  /// Puts bytes into the pipe, which has to have room for them.
  func write(_ bytes: [UInt8]) throws { try writeEnd.append(bytes) }

  /// Whether all bytes that were put in were taken out.
  var isEmpty: Bool {
    var request = pollfd(fd: readEnd.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) == 0
  }
}

extension OpenFile {
  /// The bytes at `offset`: `byteCount`, or fewer at the end.
  func bytes(_ byteCount: Int, at offset: UInt64) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: byteCount)
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: offset) }
    return Array(bytes[..<count])
  }

  /// Writes bytes at an offset.
  func put(_ bytes: [UInt8], at offset: UInt64) throws { try bytes.withUnsafeBytes { try write($0, at: offset) } }

  /// Writes bytes to a stream.
  func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try writeNext($0, position: 0) } }
}
