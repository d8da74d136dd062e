import TestSupport
import Testing

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("A temporary file without a name")
struct SpoolFileTests {
  @Test("It has no name, and can be written and read")
  func noName() throws {
    let folder = TemporaryFolder()
    let spool = try OpenFile.spool(in: folder.path)
    #expect(folder.names.isEmpty)
    try spool.put([1, 2, 3], at: 4)
    #expect(try spool.bytes(10, at: 0) == [0, 0, 0, 0, 1, 2, 3])
    #expect(folder.names.isEmpty)
  }

  @Test("Two of them are two files")
  func two() throws {
    let folder = TemporaryFolder()
    let one = try OpenFile.spool(in: folder.path)
    let other = try OpenFile.spool(in: folder.path)
    try one.put([1], at: 0)
    #expect(try other.byteCount() == 0)
    #expect(one.identity != other.identity)
  }

  @Test("Nobody else may open it, even while it has a name")
  func mode() throws {
    let folder = TemporaryFolder()
    let spool = try OpenFile.spool(in: folder.path)
    var status = stat()
    #expect(fstat(spool.descriptor, &status) == 0)
    #expect(status.st_mode & 0o077 == 0)
    #expect(status.st_nlink == 0)
  }

  @Test("A folder that is not there is an error")
  func missingFolder() throws {
    let path = TemporaryFolder()("missing")
    let error = #expect(throws: FileError.self) { try OpenFile.spool(in: path) }
    #expect(error?.reason == .system(.open, code: ENOENT))
  }
}

@Suite("Zeros to write from")
struct ZeroBlockTests {
  @Test(
    "The blocks come to the count that was asked for, in order, and are zeros",
    arguments: [0, 1, 511, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 7] as [UInt64])
  func counts(byteCount: UInt64) {
    var done: UInt64 = 0
    ZeroBlock.forEachBlock(of: byteCount) { block, offset in
      #expect(offset == done)
      #expect(!block.isEmpty)
      #expect(isAllZero(block))
      done += UInt64(block.count)
    }
    #expect(done == byteCount)
  }

  @Test("Zeros are written over what was there, in any number", arguments: [0, 1, 1 << 20, (2 << 20) + 5] as [UInt64])
  func overwriting(byteCount: UInt64) throws {
    let file = try TemporaryFolder().openForBoth("disk")
    let old = [UInt8](repeating: 0xFF, count: Int(byteCount) + 20)
    try file.put(old, at: 0)
    try ZeroBlock.forEachBlock(of: byteCount) { block, done in try file.write(block, at: 10 + done) }
    let bytes = try file.bytes(old.count + 1, at: 0)
    #expect(bytes.count == old.count)
    #expect(bytes.filter { $0 == 0 }.count == Int(byteCount))
    #expect(bytes.prefix(10).allSatisfy { $0 == 0xFF } && bytes.suffix(10).allSatisfy { $0 == 0xFF })
  }

  @Test("An error ends the blocks")
  func error() {
    var calls = 0
    #expect(throws: FileError(.write, "disk", code: ENOSPC)) {
      try ZeroBlock.forEachBlock(of: 10 << 20) { (_, _) throws(FileError) in
        calls += 1
        if calls == 3 { throw FileError(.write, "disk", code: ENOSPC) }
      }
    }
    #expect(calls == 3)
  }
}
