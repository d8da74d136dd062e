import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A file that takes the place of another")
struct OutputFileReplacingTests {
  private let folder = TemporaryFolder()

  @Test("What exists is refused and kept")
  func exists() throws {
    let path = folder("disk")
    try folder.write([1], to: "disk")
    #expect(throws: ConversionError(path, .exists)) { try OutputFile.open(path, force: false) }
    #expect(folder.names == ["disk"])
    #expect(try folder.bytes(of: "disk") == [1])
  }

  @Test("A link that leads nowhere is something that exists")
  func danglingLink() throws {
    #expect(symlink("missing", folder("link")) == 0)
    let path = folder("link")
    #expect(throws: ConversionError(path, .exists)) { try OutputFile.open(path, force: false) }
    #expect(folder.names == ["link"])
  }

  @Test("With force the old file is there until the new one is complete")
  func replaces() throws {
    try folder.write([1], to: "disk")
    let output = try OutputFile.open(folder("disk"), force: true)
    try output.file.put([2, 2], at: 0)
    #expect(try folder.bytes(of: "disk") == [1])
    try output.commit(byteCount: 2, durably: false)
    #expect(try folder.bytes(of: "disk") == [2, 2])
    #expect(folder.names == ["disk"])
  }

  @Test("A replacement that is discarded leaves the old file")
  func discardedReplacement() throws {
    try folder.write([1], to: "disk")
    let output = try OutputFile.open(folder("disk"), force: true)
    try output.file.put([2, 2], at: 0)
    output.discard()
    #expect(try folder.bytes(of: "disk") == [1])
    #expect(folder.names == ["disk"])
  }

  @Test("A replacement has the mode of what it replaces", arguments: [0o600, 0o640, 0o777] as [mode_t])
  func keepsMode(old: mode_t) throws {
    try folder.write([1], to: "disk")
    #expect(chmod(folder("disk"), old) == 0)
    let output = try OutputFile.open(folder("disk"), force: true)
    try output.commit(byteCount: 0, durably: false)
    #expect(try mode(of: folder("disk")) == old)
  }

  @Test("A link stays, and what it leads to is replaced")
  func link() throws {
    try folder.write([1], to: "target")
    #expect(symlink("target", folder("link")) == 0)
    let output = try OutputFile.open(folder("link"), force: true)
    #expect(output.file.name == folder("link"))
    try output.file.put([2], at: 0)
    try output.commit(byteCount: 1, durably: false)
    #expect(folder.names == ["link", "target"])
    #expect(try folder.bytes(of: "target") == [2])
    var status = stat()
    #expect(lstat(folder("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("A file that appeared meanwhile is kept, and the commit refused")
  func appearedMeanwhile() throws {
    let path = folder("disk")
    let output = try OutputFile.open(path, force: false)
    try output.file.put([2], at: 0)
    try folder.write([1], to: "disk")
    #expect(throws: ConversionError(FileError(.rename, path, code: EEXIST))) {
      try output.commit(byteCount: 1, durably: false)
    }
    #expect(try folder.bytes(of: "disk") == [1])
    output.discard()
    #expect(folder.names == ["disk"])
  }

  @Test("With force a file that appeared meanwhile is replaced")
  func appearedMeanwhileWithForce() throws {
    let output = try OutputFile.open(folder("disk"), force: true)
    try output.file.put([2], at: 0)
    try folder.write([1], to: "disk")
    try output.commit(byteCount: 1, durably: false)
    #expect(try folder.bytes(of: "disk") == [2])
    #expect(folder.names == ["disk"])
  }

  @Test("A link that leads nowhere stays, and what it leads to is written", arguments: ["missing", "there/missing"])
  func forcedDanglingLink(target: String) throws {
    #expect(mkdir(folder("there"), 0o700) == 0)
    #expect(symlink(target, folder("link")) == 0)
    #expect(symlink("link", folder("link2")) == 0)
    let output = try OutputFile.open(folder("link2"), force: true)
    try output.file.put([2], at: 0)
    try output.commit(byteCount: 1, durably: false)
    #expect(try folder.bytes(of: target) == [2])
    var status = stat()
    #expect(lstat(folder("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test("Links that lead in a circle are an error")
  func circle() throws {
    #expect(symlink("b", folder("a")) == 0 && symlink("a", folder("b")) == 0)
    let path = folder("a")
    #expect(throws: ConversionError(FileError(.open, path, code: ELOOP))) { try OutputFile.open(path, force: true) }
  }

  @Test("A replacement has the owner of what it replaces", .enabled(if: geteuid() == 0, "needs root"))
  func keepsOwner() throws {
    try folder.write([1], to: "disk")
    #expect(chown(folder("disk"), 1234, 5678) == 0 && chmod(folder("disk"), 0o640) == 0)
    let output = try OutputFile.open(folder("disk"), force: true)
    try output.commit(byteCount: 0, durably: false)
    var status = stat()
    #expect(stat(folder("disk"), &status) == 0)
    #expect(status.st_uid == 1234 && status.st_gid == 5678 && status.st_mode & 0o777 == 0o640)
  }

  @Test("A name that must be new is not given twice", arguments: FinalName.Way.allCases)
  func exclusiveNames(way: FinalName.Way) throws {
    try folder.write([1], to: "first")
    try folder.write([2], to: "second")
    let path = folder("disk")
    try FinalName.give(path, to: folder("first"), replacing: false, ways: [way])
    #expect(throws: FileError(.rename, path, code: EEXIST)) {
      try FinalName.give(path, to: folder("second"), replacing: false, ways: [way])
    }
    #expect(folder.names == ["disk", "second"])
    #expect(try folder.bytes(of: "disk") == [1])
  }

  @Test("A name that begins with a combining mark is in its own folder")
  func combiningMark() throws {
    #expect(mkdir(folder("there"), 0o700) == 0)
    let path = folder("there") + "/\u{301}disk"
    #expect(directoryPart(of: path) == folder("there") + "/")
    let output = try OutputFile.open(path, force: false)
    try output.commit(byteCount: 0, durably: false)
    #expect(folder.names == ["there"])
  }
}
