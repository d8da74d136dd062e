import Foundation
package import StreamIO

/// Both ends of a new pipe.
package struct Pipe: Sendable {
  /// Where bytes come out.
  package let readEnd: OpenFile
  /// Where bytes go in.
  package let writeEnd: OpenFile

  /// Makes the pipe; `open` makes files of its descriptors, which only tests of the library itself can do.
  package init(opening open: (CInt) throws -> OpenFile) throws {
    let ends = try Descriptor.pipe()
    readEnd = try open(ends.read)
    writeEnd = try open(ends.write)
  }

  /// Puts bytes into the pipe, which has to have room for them.
  package func write(_ bytes: [UInt8]) throws { try writeEnd.append(bytes) }

  /// Whether all bytes that were put in were taken out.
  package var isEmpty: Bool {
    var request = pollfd(fd: readEnd.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) == 0
  }
}

extension OpenFile {
  /// Writes bytes at an offset.
  package func put(_ bytes: [UInt8], at offset: UInt64) throws {
    try bytes.withUnsafeBytes { try write($0, at: offset) }
  }

  /// Writes bytes to a stream.
  package func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try writeNext($0, position: 0) } }
}
