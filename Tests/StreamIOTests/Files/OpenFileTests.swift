import TestSupport
import Testing

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Reading and writing at offsets")
struct OpenFileTests {
  private let folder = TemporaryFolder()

  @Test("Bytes are read where they were written")
  func readWhatWasWritten() throws {
    let file = try folder.openForBoth("disk")
    try file.put([1, 2, 3, 4], at: 0)
    try file.put([9, 8], at: 2)
    try file.put([7], at: 6)
    #expect(try file.bytes(7, at: 0) == [1, 2, 9, 8, 0, 0, 7])
    #expect(try file.bytes(2, at: 1) == [2, 9])
  }

  @Test("Only the end of the file makes a read short")
  func shortRead() throws {
    let file = try OpenFile(reading: folder.make("disk", [1, 2, 3]))
    #expect(try file.bytes(10, at: 1) == [2, 3])
    #expect(try file.bytes(10, at: 3).isEmpty)
    #expect(try file.bytes(10, at: 1 << 40).isEmpty)
    #expect(try file.bytes(0, at: 0).isEmpty)
  }

  @Test("A redirected file begins at the offset it had")
  func baseOffset() throws {
    try folder.write([1, 2, 3, 4, 5, 6], to: "disk")
    let file = try folder.openForBoth("disk", baseOffset: 4)
    #expect(try file.byteCount() == 2)
    #expect(try file.bytes(10, at: 0) == [5, 6])
    try file.put([9], at: 1)
    try file.put([7], at: 3)
    #expect(try folder.bytes(of: "disk") == [1, 2, 3, 4, 5, 9, 0, 7])
    try file.truncate(to: 1)
    #expect(try folder.bytes(of: "disk") == [1, 2, 3, 4, 5])
  }

  @Test("A file that ends before its base offset has no bytes")
  func baseOffsetPastEnd() throws {
    try folder.write([1, 2], to: "disk")
    let file = try folder.openForBoth("disk", baseOffset: 10)
    #expect(try file.byteCount() == 0)
    #expect(try file.bytes(4, at: 0).isEmpty)
  }

  @Test("The length is that of the file now")
  func byteCount() throws {
    let file = try folder.openForBoth("disk")
    #expect(try file.byteCount() == 0)
    try file.truncate(to: 5000)
    #expect(try file.byteCount() == 5000)
    try file.put([1], at: 9999)
    #expect(try file.byteCount() == 10_000)
    try file.truncate(to: 3)
    #expect(try file.byteCount() == 3)
  }

  @Test("A pipe has no length, and is not a file")
  func pipeKind() throws {
    let pipe = try Pipe()
    #expect(pipe.readEnd.kind == .stream)
    #expect(!pipe.readEnd.isSeekable)
    #expect(try pipe.readEnd.byteCount() == nil)
  }

  @Test("/dev/null and /dev/zero are streams", arguments: ["/dev/null", "/dev/zero"])
  func characterDevice(path: String) throws {
    #expect(try OpenFile(reading: path).kind == .stream)
  }

  @Test("A file that is not there is an error with its name")
  func missing() throws {
    let path = folder("missing")
    #expect(throws: FileError(.open, path, code: ENOENT)) { try OpenFile(reading: path) }
  }

  @Test("A folder is refused as one")
  func directory() throws {
    let path = folder.path
    let error = #expect(throws: FileError.self) { try OpenFile(reading: path) }
    #expect(error?.isDirectory == true)
    #expect(error?.path == path)
  }

  @Test("A failed write names the offset")
  func failedWrite() throws {
    let file = try OpenFile(reading: folder.make("disk", [1]))
    #expect(throws: FileError(.write, folder("disk"), at: 77, code: EBADF)) { try file.put([1], at: 77) }
  }

  @Test("One file is itself by any name")
  func identity() throws {
    try folder.write([1], to: "one")
    try folder.write([1], to: "other")
    #expect(symlink("one", folder("link")) == 0)
    let file = try OpenFile(reading: folder("one"))
    #expect(file.identity == OpenFile.identity(ofPath: folder("link")))
    #expect(file.identity == OpenFile.identity(ofDescriptor: file.descriptor))
    #expect(file.identity != OpenFile.identity(ofPath: folder("other")))
    #expect(OpenFile.identity(ofPath: folder("missing")) == nil)
  }

  @Test("A file is closed once")
  func close() throws {
    let file = try folder.openForBoth("disk")
    try file.close()
    try file.close()
    #expect(throws: FileError.self) { try file.put([1], at: 0) }
  }

  @Test("Writing to a file makes another version of it")
  func version() throws {
    let file = try folder.openForBoth("disk")
    let before = try file.version()
    #expect(try file.version() == before)
    try file.put([1], at: 0)
    #expect(try file.version() != before)
  }
}
