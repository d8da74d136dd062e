import TestSupport
import Testing

@Suite("What is known before the work is refused before the work")
struct OutputRefusalTests {
  let folder = TemporaryFolder()

  private static let root = Shell.works("test $(id -u) = 0")
  private static let immutable = Shell.works("touch f && chattr +i f && chattr -i f")

  /// Expects an error before the input has ended, which a conversion would wait for.
  private func expectEarlyRefusal(_ output: String, as user: String = "", saying words: [String]) throws {
    let command = try Shell.start(
      #"chmod 755 .; exec \#(user) "$PRLCONV" raw2prl -f - \#(output)"#, in: folder, input: .pipe)
    expectError(command.wait(atMost: 20), saying: words)
    #expect(folder.leftovers.isEmpty)
  }

  @Test("An empty name")
  func emptyName() throws { try expectEarlyRefusal("''", saying: ["''", "No such file"]) }

  @Test("A folder that is not there, or is named as if it were a file")
  func folderName() throws {
    try expectEarlyRefusal("there/", saying: ["'there/'", "directory"])
    try Shell.prepare("mkdir there", in: folder)
    try expectEarlyRefusal("there/", saying: ["'there/'", "directory"])
  }

  @Test("A folder without write permission", .enabled(if: root, "needs root"))
  func readOnlyFolder() throws {
    try Shell.prepare("mkdir there", in: folder)
    try expectEarlyRefusal(
      "there/out", as: "setpriv --reuid 1000 --clear-groups --regid 1000", saying: ["'there/out'", "Permission denied"])
  }

  @Test("Somebody else's file in a sticky folder", .enabled(if: root, "needs root"))
  func sticky() throws {
    try Shell.prepare("mkdir there; chmod 1777 there; touch there/out; chmod 666 there/out", in: folder)
    try expectEarlyRefusal(
      "there/out", as: "setpriv --reuid 1000 --clear-groups --regid 1000",
      saying: ["'there/out'", "Operation not permitted"])
  }

  @Test("An immutable file", .enabled(if: immutable, "needs chattr"))
  func immutableFile() throws {
    try Shell.prepare("touch out; chattr +i out", in: folder)
    defer { _ = try? Shell.run("chattr -i out", in: folder) }
    try expectEarlyRefusal("out", saying: ["'out'", "Operation not permitted"])
  }

  @Test("A mount point", .enabled(if: Tools.smallFileSystem, "needs the right to mount"))
  func mountPoint() throws {
    try Shell.prepare("touch out other", in: folder)
    try expectEarlyRefusal(
      "out", as: "unshare -m sh -c 'mount --bind other out && exec \"$@\"' sh", saying: ["'out'", "busy"])
  }

  @Test("What the new file does not keep is named", .enabled(if: root, "needs root"))
  func lostOwner() throws {
    try Shell.prepare("mkdir there; chmod 777 there; head -c 512 /dev/urandom > in; touch there/out", in: folder)
    let outcome = try Shell.run(
      #"chmod 755 .; setpriv --reuid 1000 --clear-groups --regid 1000 "$PRLCONV" raw2prl -f in there/out"#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
    #expect(
      outcome.messages == ["prlconv: warning: 'there/out': the new file does not keep the owner, group of the old one"])
  }

  @Test("An ACL is kept", .enabled(if: Shell.works("touch f && setfacl -m u:1234:r f"), "needs setfacl"))
  func accessList() throws {
    try Shell.prepare("head -c 512 /dev/urandom > in; touch out; setfacl -m u:1234:r out", in: folder)
    expectSilentSuccess(try Shell.run(#""$PRLCONV" raw2prl -f in out"#, in: folder))
    #expect(try Shell.run("getfacl -n out", in: folder).printed.contains("user:1234:r--"))
  }

  @Test("Nothing is left after SIGKILL, whatever is replaced")
  func killed() throws {
    try folder.write([1], to: "out")
    let command = try Shell.start(#"exec "$PRLCONV" raw2prl -f - out"#, in: folder, input: .pipe)
    try command.feed([1])
    try #require(command.waits { $0.hasReadItsInput })
    command.send(9)
    #expect(command.wait(atMost: 20).ending == .signal(9))
    #expect(folder.names == ["out"])
    #expect(try folder.bytes(of: "out") == [1])
  }
}
