import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A file that appears when it is complete")
struct OutputFileTests {
  private let folder = TemporaryFolder()

  @Test("A new file has no name before commit, and its own after")
  func commit() throws {
    let output = try OutputFile.open(folder("disk"), force: false)
    try output.file.put([1, 2, 3], at: 0)
    #expect(!folder.names.contains("disk"))
    try output.commit(byteCount: 3, durably: false)
    #expect(folder.names == ["disk"])
    #expect(try folder.bytes(of: "disk") == [1, 2, 3])
  }

  @Test("A commit that waits for the disk leaves the same")
  func durableCommit() throws {
    let output = try OutputFile.open(folder("disk"), force: false)
    try output.file.put([4], at: 0)
    try output.commit(byteCount: 1, durably: true)
    #expect(folder.names == ["disk"])
    #expect(try folder.bytes(of: "disk") == [4])
  }

  @Test("Nothing is left after discard")
  func discard() throws {
    let output = try OutputFile.open(folder("disk"), force: false)
    try output.file.put([1], at: 0)
    output.discard()
    #expect(folder.names.isEmpty)
    output.discard()
  }

  @Test("Nothing is left of a file that was forgotten")
  func forgotten() throws {
    do {
      let output = try OutputFile.open(folder("disk"), force: false)
      try output.file.put([1], at: 0)
    }
    #expect(folder.names.isEmpty)
  }

  @Test("Discard after commit leaves the file")
  func discardAfterCommit() throws {
    let output = try OutputFile.open(folder("disk"), force: false)
    try output.commit(byteCount: 0, durably: false)
    output.discard()
    #expect(folder.names == ["disk"])
  }

  @Test("The mode of a new file is what the user's mask leaves")
  func newMode() throws {
    let output = try OutputFile.open(folder("disk"), force: false)
    try output.commit(byteCount: 0, durably: false)
    // To ask for the mask is to change it, for all threads: a file made the usual way shows it instead.
    let plain = open(folder("plain"), O_CREAT | O_WRONLY, 0o666)
    #expect(plain >= 0)
    close(plain)
    #expect(try mode(of: folder("disk")) == mode(of: folder("plain")))
  }

  @Test("A folder that is not there is an error with the path that was given")
  func missingFolder() throws {
    let path = folder("missing/disk")
    #expect(throws: ConversionError(FileError(.open, path, code: ENOENT))) { try OutputFile.open(path, force: false) }
  }

  @Test("A folder is refused as output, with force or without", arguments: [false, true])
  func directory(force: Bool) throws {
    let path = folder.path
    #expect(throws: ConversionError(FileError(.open, path, code: EISDIR))) { try OutputFile.open(path, force: force) }
  }

  @Test("A device other than a block device is written as it is")
  func characterDevice() throws {
    let output = try OutputFile.open("/dev/null", force: false)
    try output.file.append([1, 2, 3])
    try output.commit(byteCount: 3, durably: true)
    #expect(OpenFile.identity(ofPath: "/dev/null") == output.file.identity)
  }
}
