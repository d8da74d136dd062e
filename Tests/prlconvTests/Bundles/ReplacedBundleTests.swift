import Foundation
import TestSupport
import Testing

@Suite("Nothing of a bundle is left unless all of it is written")
struct ReplacedBundleTests {
  let folder = TemporaryFolder()

  private func prlconv(_ arguments: String) throws -> Outcome {
    try Shell.run("\"$PRLCONV\" \(arguments)", in: folder)
  }

  /// A raw disk, and a bundle of another one.
  private func makeDisks() throws {
    try folder.write(SparseDisk(numberedMegabytes: 70), to: "old.img")
    try folder.write(SparseDisk(numberedMegabytes: 65), to: "new.img")
    try Shell.prepare(#""$PRLCONV" raw2prl old.img disk.hdd; cp -r disk.hdd before"#, in: folder)
  }

  private func expectUnchanged(_ comment: Comment = "", at location: SourceLocation = #_sourceLocation) throws {
    let outcome = try Shell.run("diff -r disk.hdd before", in: folder)
    #expect(outcome.isSuccess, "\(comment) \(outcome)", sourceLocation: location)
    #expect(Set(folder.names) == ["old.img", "new.img", "disk.hdd", "before"], comment, sourceLocation: location)
  }

  @Test("An existing bundle is replaced only with --force, and nothing of it is left")
  func force() throws {
    try makeDisks()
    expectError(try prlconv("raw2prl new.img disk.hdd"), saying: ["already exists"])
    try expectUnchanged()
    try Shell.prepare("touch disk.hdd/other; ln -s ../old.img disk.hdd/link", in: folder)
    expectSilentSuccess(try prlconv("raw2prl -f --sync new.img disk.hdd"))
    expectSilentSuccess(try prlconv("compare -q -s new.img disk.hdd"))
    #expect(try Shell.prepare("ls -A disk.hdd | wc -l", in: folder).printed == "4\n")
    #expect(Set(folder.names) == ["old.img", "new.img", "disk.hdd", "before"])
    #expect(try folder.byteCount(of: "old.img") == 70 << 20)
  }

  @Test("A link leads to the bundle that is replaced")
  func link() throws {
    try makeDisks()
    try Shell.prepare("ln -s disk.hdd link.hdd", in: folder)
    expectSilentSuccess(try prlconv("raw2prl -f new.img link.hdd"))
    expectSilentSuccess(try Shell.run(#"test -L link.hdd && "$PRLCONV" compare -q -s new.img disk.hdd"#, in: folder))
  }

  @Test(
    "Nothing but a bundle is replaced",
    arguments: [
      "touch x.hdd", "mkdir x.hdd", "mkdir x.hdd; touch x.hdd/file", "mkdir x.hdd; touch x.hdd/DiskDescriptor.xml",
      "mkdir -p x.hdd/DiskDescriptor.xml", "cp -r disk.hdd x.hdd; mkdir x.hdd/folder",
    ])
  func others(preparation: String) throws {
    try makeDisks()
    try Shell.prepare(preparation, in: folder)
    expectError(try prlconv("raw2prl -f new.img x.hdd"), saying: ["not a bundle"])
    expectError(try prlconv("raw2prl new.img x.hdd"), saying: ["already exists"])
    #expect(folder.leftovers.isEmpty)
    #expect(folder.contains("x.hdd"))
  }

  @Test(
    "A bundle is never written over its input, or into it",
    arguments: [
      "prl2prl -f disk.hdd disk.hdd", "prl2prl -f disk.hdd/DiskDescriptor.xml disk.hdd/",
      "prl2prl -f disk.hdd/*.hds disk.hdd", "prl2prl -f - disk.hdd < disk.hdd/*.hds",
      "raw2prl -f --input-format raw disk.hdd/*.hds disk.hdd", "prl2prl disk.hdd disk.hdd/x.hds",
      "prl2prl disk.hdd disk.hdd/x.hdd", "prl2prl -f disk.hdd disk.hdd/*.hds",
      "raw2prl -f disk.hdd/raw.img disk.hdd",
    ])
  func ontoItself(command: String) throws {
    try makeDisks()
    if command.contains("raw.img") {
      try Shell.prepare("tee disk.hdd/raw.img before/raw.img < new.img > /dev/null", in: folder)
    }
    let outcome = try prlconv(command)
    #expect(outcome.ending == .status(1) && outcome.standardError.contains("both input and output"), "\(outcome)")
    try expectUnchanged()
  }

  @Test("A bundle with a folder in it is never removed", arguments: ["raw2prl", "prl2prl"])
  func folders(command: String) throws {
    try makeDisks()
    try Shell.prepare(
      "mkdir disk.hdd/sub; cp new.img disk.hdd/sub/raw2prl; cp -r before disk.hdd/sub/prl2prl", in: folder)
    let outcome = try prlconv("\(command) -q -f disk.hdd/sub/\(command) disk.hdd")
    #expect(outcome.ending == .status(1), "\(outcome)")
    #expect(try folder.difference("disk.hdd/sub/raw2prl", "new.img") == nil)
    #expect(try Shell.run("diff -r disk.hdd/sub/prl2prl before", in: folder).isSuccess)
  }

  @Test(
    "A bundle that changes during the conversion is not replaced",
    arguments: [
      "touch disk.hdd/precious", "mv disk.hdd moved; mkdir disk.hdd; touch disk.hdd/precious",
    ])
  func changed(change: String) throws {
    try makeDisks()
    let command = try RunningCommand([BuiltTool.path, "raw2prl", "-f", "-", "disk.hdd"], in: folder, input: .pipe)
    try command.feed(Filling.cluster(1, byteCount: 1 << 20))
    try #require(command.waits { $0.hasReadItsInput })
    try Shell.prepare(change, in: folder)
    command.endInput()
    let outcome = command.wait()
    #expect(outcome.ending == .status(1) && outcome.standardError.contains("changed"), "\(outcome)")
    #expect(folder.leftovers.isEmpty)
    #expect(try Shell.run("test -e disk.hdd/precious", in: folder).isSuccess)
  }

  @Test("The mode of a bundle and of its files stays")
  func mode() throws {
    try makeDisks()
    try Shell.prepare("chmod 700 disk.hdd; chmod 600 disk.hdd/*", in: folder)
    expectSilentSuccess(try prlconv("raw2prl -f new.img disk.hdd"))
    #expect(try Shell.prepare("stat -c %a disk.hdd disk.hdd/* | sort -u", in: folder).printed == "600\n700\n")
  }

  @Test("A dangling link counts as an existing output")
  func danglingLink() throws {
    try makeDisks()
    try Shell.prepare("ln -s nowhere.hdd link.hdd", in: folder)
    expectError(try prlconv("raw2prl new.img link.hdd"), saying: ["already exists"])
    expectSilentSuccess(try prlconv("raw2prl -f new.img link.hdd"))
    expectSilentSuccess(try prlconv("compare -q -s new.img nowhere.hdd"))
  }

  @Test("Nothing is left when file descriptors run out", arguments: 5...12)
  func fewDescriptors(limit: Int) throws {
    try makeDisks()
    let outcome = try Shell.run("ulimit -n \(limit); exec \"$PRLCONV\" raw2prl -q -f new.img disk.hdd", in: folder)
    if !outcome.isSuccess { try expectUnchanged("\(outcome)") }
    #expect(folder.leftovers.isEmpty)
  }

  /// The last step is delayed until the process has to end because of a signal.
  @Test("A signal during the last step leaves one bundle or the other", .enabled(if: Tools.strace, "needs strace"))
  func signalDuringCommit() throws {
    try makeDisks()
    let outcome = try Shell.run(
      """
      strace -f -qq -o /dev/null -e trace=renameat2,unlink -e inject=renameat2:delay_enter=1200000 \
        -e inject=unlink:delay_enter=100000 "$PRLCONV" raw2prl -q -f new.img disk.hdd & strace=$!
      until tool=$(pgrep -P $strace -x prlconv); do :; done
      sleep 0.6; kill -TERM $tool; wait $strace
      """, in: folder)
    #expect(folder.leftovers.isEmpty, "\(outcome)")
    let isOld = try Shell.run("diff -r disk.hdd before", in: folder).isSuccess
    let isNew = try prlconv("compare -q -s new.img disk.hdd").isSuccess
    #expect(isOld || isNew, "\(outcome)")
    #expect(try Shell.prepare("ls -A disk.hdd | wc -l", in: folder).printed == "4\n")
  }

  @Test("After a signal at any moment, nothing is left, and the old bundle is whole", arguments: [false, true])
  func signals(replaces: Bool) throws {
    try makeDisks()
    var random = SeededRandom("signals to a new bundle", replaces ? 1 : 0)
    var interruptedCount = 0
    for number in 0..<(Exhaustive.isOn ? 100 : 12) {
      let name = replaces ? "disk.hdd" : "new.hdd"
      let command = try RunningCommand(
        [BuiltTool.path, "raw2prl", "-q", "--allocated", "new.img", name] + (replaces ? ["-f"] : []), in: folder,
        input: .nothing)
      // On a fast machine, most of the later signals come after the end; none of the early ones does.
      usleep(UInt32.random(in: 0...(number % 3 == 0 ? 2000 : 150_000), using: &random))
      command.send([SIGTERM, SIGINT, SIGHUP].randomElement(using: &random) ?? SIGTERM)
      let outcome = command.wait()
      if outcome.isSuccess {
        try Shell.prepare(replaces ? "rm -r disk.hdd; cp -r before disk.hdd" : "rm -r new.hdd", in: folder)
      } else {
        interruptedCount += 1
        try expectUnchanged("signal \(number): \(outcome)")
      }
    }
    #expect(interruptedCount > 0)
  }

  @Test("A full file system leaves nothing", .enabled(if: Tools.smallFileSystem, "needs a small file system"))
  func fullFileSystem() throws {
    try makeDisks()
    let outcome = try Shell.run(
      """
      mkdir small && mount -t tmpfs -o size=8M none small && trap 'umount small' EXIT
      "$PRLCONV" raw2prl -q new.img small/disk.hdd; echo $?; ls -A small
      """, in: folder)
    #expect(outcome.printed == "1\n", "\(outcome)")
  }

  @Test(
    "A failing call leaves nothing", .enabled(if: Tools.strace, "needs strace"),
    arguments: Exhaustive.cases(
      [
        "mkdir", "fsync", "renameat2", "pwrite64:when=1", "pwrite64:when=9", "ftruncate", "fsync:when=2",
        "fsync:when=5", "fchmod", "unlink",
      ], brief: ["fsync", "renameat2"]))
  func faults(call: String) throws {
    try makeDisks()
    let name = call.prefix { $0 != ":" }
    let rest = call.dropFirst(name.count)
    let outcome = try Shell.run(
      """
      strace -f -qq -o /dev/null -e trace=\(name) -e inject=\(name):error=EIO\(rest) \
      "$PRLCONV" raw2prl -q -f --sync new.img disk.hdd
      """, in: folder)
    if outcome.isSuccess {
      #expect(!["mkdir", "fsync", "renameat2", "ftruncate"].contains(String(name)))
    } else {
      #expect(outcome.ending == .status(1), "\(outcome)")
      try expectUnchanged("\(call): \(outcome)")
    }
  }
}
