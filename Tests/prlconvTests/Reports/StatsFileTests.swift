import Foundation
import TestSupport
import Testing

@Suite("The file of --stats-file")
struct StatsFileTests {
  let folder = TemporaryFolder()

  private func stats() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(folder.bytes(of: "stats.json")))
    return try #require(object as? [String: Any])
  }

  @Test("It has the object of --stats json")
  func success() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    let outcome = try Shell.run(
      #""$PRLCONV" raw2prl --stats json --stats-file stats.json disk.img out.hds"#, in: folder)
    #expect(outcome.isSuccess)
    #expect(String(decoding: try folder.bytes(of: "stats.json"), as: UTF8.self) == outcome.standardError)
    #expect(try stats()["status"] as? Int == 0)
    #expect(try stats()["message"] is NSNull)
  }

  @Test("After a failure, it has the same keys, the status and the message")
  func failure() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    try Shell.prepare(#""$PRLCONV" raw2prl --stats-file stats.json disk.img out.hds"#, in: folder)
    let keys = Set(try stats().keys)
    let outcome = try Shell.run(#""$PRLCONV" raw2prl --stats-file stats.json disk.img out.hds"#, in: folder)
    expectError(outcome, saying: ["'out.hds': already exists"])
    #expect(Set(try stats().keys) == keys)
    #expect(try stats()["status"] as? Int == 1)
    #expect(try stats()["message"] as? String == "'out.hds': already exists")
  }

  /// Ends a conversion that waits for its input, and returns what the shell sees.
  private func endWaiting(by signal: String) throws -> Outcome {
    try Shell.run(
      #"""
      mkfifo pipe; exec 3<> pipe
      "$PRLCONV" raw2prl --stats-file stats.json - out.hds < pipe 3>&- &
      until [ -s stats.json ]; do sleep 0.01; done; sleep 0.1
      kill -\#(signal) $!; wait $!; exit $?
      """#, in: folder)
  }

  @Test("After a signal, it has the status that the shell sees", arguments: [("TERM", 143), ("HUP", 129)])
  func signal(name: String, status: Int32) throws {
    #expect(try endWaiting(by: name).ending == .status(status))
    #expect(try stats()["status"] as? Int == Int(status))
    #expect(!folder.contains("out.hds"))
  }

  @Test("Until the conversion has ended, it says so, also after SIGKILL")
  func unfinished() throws {
    #expect(try endWaiting(by: "KILL").ending == .status(137))
    #expect(try stats()["status"] is NSNull)
    #expect(try stats()["message"] as? String == "not finished")
  }

  @Test(
    "It replaces nothing but statistics",
    arguments: [
      "bundle.hdd/DiskDescriptor.xml", "bundle.hdd/new.json", "bundle.hdd/bundle.hdd", "bundle.hdd/*.hds", "log",
    ])
  func kept(name: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    try Shell.prepare(
      #""$PRLCONV" raw2prl -q disk.img bundle.hdd; echo text > log; cp -r bundle.hdd before"#, in: folder)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw --stats-file \#(name) bundle.hdd out.img"#, in: folder)
    expectError(outcome, status: 64)
    try Shell.prepare("diff -r bundle.hdd before && grep -q text log", in: folder)
    #expect(!folder.contains("out.img"))
  }

  @Test("A block device is refused", .enabled(if: Tools.loopDevices, "needs loop devices"))
  func device() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    let outcome = try Shell.run(
      #"""
      truncate -s 1M file; device=$(losetup -f --show file) || exit 99
      "$PRLCONV" raw2prl --stats-file $device disk.img out.hds; status=$?
      losetup -d $device; exit $status
      """#, in: folder)
    expectError(outcome, status: 64)
    try Shell.prepare("cmp -n 1048576 file /dev/zero", in: folder)
  }

  @Test(
    "It can't be the input or the output",
    arguments: ["disk.img", "./disk.img", "out.hds", "./out.hds", "link", "-"])
  func used(name: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    try Shell.prepare("ln -s disk.img link; cp disk.img before", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" raw2prl --stats-file \#(name) disk.img out.hds"#, in: folder)
    expectError(outcome, status: 64)
    #expect(try folder.difference("disk.img", "before") == nil)
    #expect(!folder.contains("out.hds"))
  }

  @Test("A file that can't be opened is an error before the work")
  func unopened() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    expectError(
      try Shell.run(#""$PRLCONV" raw2prl --stats-file no/stats.json disk.img out.hds"#, in: folder),
      saying: ["'no/stats.json'"])
    #expect(!folder.contains("out.hds"))
  }
}
