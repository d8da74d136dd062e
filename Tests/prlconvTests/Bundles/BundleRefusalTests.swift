import Foundation
import TestSupport
import Testing

@Suite("Bundles that cannot be trusted")
struct BundleRefusalTests {
  let folder = TemporaryFolder()

  /// A bundle of two snapshots in `disk.hdd`, without raw images.
  private func makeBundle(storageCount: Int = 1) throws -> ModelBundle {
    var random = SeededRandom("refused bundles")
    let bundle = ModelBundle(parents: [nil, 0], storageCount: storageCount, mayBeRaw: false, using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    try folder.write(SparseDisk(bundle.disk(bundle.current)), to: "expected")
    return bundle
  }

  private func expectRefusal(_ script: String, saying words: [String], options: String = "") throws {
    try Shell.prepare("cd disk.hdd; \(script)", in: folder)
    expectError(try Shell.run("\"$PRLCONV\" prl2raw \(options) disk.hdd out", in: folder, atMost: 30), saying: words)
    #expect(!folder.contains("out") && folder.leftovers.isEmpty)
  }

  @Test(
    "A file that is not a regular file of the bundle",
    arguments: [
      ("rm 'FILE'; mkfifo 'FILE'", "Invalid argument"), ("rm 'FILE'; mkdir 'FILE'", "Invalid argument"),
      ("mv 'FILE' ../other; ln -s ../other 'FILE'", "Too many levels"),
      ("rm 'FILE'; ln -s /dev/zero 'FILE'", "Too many levels"), ("rm 'FILE'", "No such file"),
      ("sed -i 's|FILE|/etc/passwd|' DiskDescriptor.xml", "outside the bundle"),
      ("sed -i 's|FILE|../other|' DiskDescriptor.xml", "outside the bundle"),
      ("sed -i 's|FILE|..|' DiskDescriptor.xml", ".."),
      ("sed -i 's|FILE|DiskDescriptor.xml|' DiskDescriptor.xml", "twice"),
      ("sed -i 's|FILE|OTHER|' DiskDescriptor.xml", "twice"), ("rm 'FILE'; ln 'OTHER' 'FILE'", "twice"),
    ])
  func files(script: String, words: String) throws {
    let bundle = try makeBundle()
    let script = script.replacing("FILE", with: bundle.images[0][0].name).replacing(
      "OTHER", with: bundle.images[0][1].name)
    try expectRefusal(script, saying: [words])
  }

  @Test(
    "A name with folders means the file of that name in the bundle", arguments: ["/Users/me/Old.hdd/", "../x/", "C/"])
  func movedBundle(prefix: String) throws {
    let bundle = try makeBundle()
    try Shell.prepare("sed -i 's|<File>|<File>\(prefix)|' disk.hdd/DiskDescriptor.xml", in: folder)
    expectSilentSuccess(try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder))
    #expect(try folder.difference("expected", "out") == nil && bundle.current == 1)
  }

  @Test("--allow-external opens a file outside the bundle")
  func external() throws {
    let name = try makeBundle().images[0][0].name
    try Shell.prepare("mv 'disk.hdd/\(name)' root; sed -i 's|\(name)|../root|' disk.hdd/DiskDescriptor.xml", in: folder)
    expectError(try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder), saying: ["outside the bundle"])
    expectSilentSuccess(try Shell.run(#""$PRLCONV" prl2raw --allow-external disk.hdd out"#, in: folder))
    #expect(try folder.difference("expected", "out") == nil)
  }

  @Test(
    "A descriptor that is no file is refused without waiting",
    arguments: [
      "mkfifo", "mkdir", "ln -s /dev/zero", "ln -s DiskDescriptor.xml.Backup", "head -c 40000000 /dev/zero >",
    ])
  func descriptor(command: String) throws {
    _ = try makeBundle()
    try expectRefusal(
      "rm DiskDescriptor.xml; \(command) DiskDescriptor.xml",
      saying: ["DiskDescriptor.xml"].filter { _ in !command.hasPrefix("head") })
  }

  @Test("The backup stands in for a descriptor that is missing or empty", arguments: ["rm", ": >"])
  func backup(command: String) throws {
    _ = try makeBundle()
    try Shell.prepare(
      "cd disk.hdd; cp DiskDescriptor.xml DiskDescriptor.xml.Backup; \(command) DiskDescriptor.xml", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder)
    #expect(outcome.isSuccess && outcome.messages.count == 1 && outcome.standardError.contains("backup"), "\(outcome)")
    #expect(try folder.difference("expected", "out") == nil)
  }

  @Test("A state that does not exist is an error that lists those that do")
  func unknownState() throws {
    let bundle = try makeBundle()
    try expectRefusal(":", saying: ["'12345678'"] + bundle.snapshots.map(\.id), options: "--snapshot 12345678")
  }

  @Test(
    "Nothing is written into a bundle", arguments: ["disk.hdd/out", "-f disk.hdd/DiskDescriptor.xml", "-f link/new"])
  func output(name: String) throws {
    _ = try makeBundle()
    try Shell.prepare("ln -s disk.hdd link; cp -a disk.hdd before", in: folder)
    expectError(try Shell.run("\"$PRLCONV\" prl2raw disk.hdd \(name)", in: folder), saying: ["input and output"])
    try Shell.prepare("diff -r disk.hdd before", in: folder)
  }

  @Test(
    "An image that lies elsewhere is not overwritten, either", arguments: ["-f disk.hdd ROOT", "-f disk.hdd 1<> ROOT"])
  func externalOutput(arguments: String) throws {
    let name = try makeBundle().images[0][0].name
    try Shell.prepare(
      "mkdir there; mv 'disk.hdd/\(name)' there/root; cp there/root before; sed -i 's|\(name)|../there/root|' disk.hdd/DiskDescriptor.xml",
      in: folder)
    let arguments = arguments.replacing("ROOT", with: "there/root")
    expectError(
      try Shell.run("\"$PRLCONV\" prl2raw --allow-external \(arguments)", in: folder), saying: ["input and output"])
    #expect(try folder.difference("before", "there/root") == nil)
  }

  @Test("A bundle is not a raw disk", arguments: ["raw2prl disk.hdd out", "measure --size 64M disk.hdd"])
  func raw(command: String) throws {
    _ = try makeBundle()
    let outcome = try Shell.run("\"$PRLCONV\" \(command)", in: folder)
    expectError(outcome, saying: ["Parallels bundle"])
  }

  @Test("The folder of a virtual machine with several disks lists them")
  func severalDisks() throws {
    _ = try makeBundle()
    try Shell.prepare("mkdir vm.pvm; cp -r disk.hdd vm.pvm/a.hdd; cp -r disk.hdd vm.pvm/b.hdd", in: folder)
    expectError(try Shell.run(#""$PRLCONV" prl2raw vm.pvm/ out"#, in: folder), saying: ["a.hdd", "b.hdd"])
  }

  @Test("Other files, a lock and a machine's other things are warned of, or nothing")
  func surroundings() throws {
    _ = try makeBundle()
    try Shell.prepare("touch disk.hdd/other.hds disk.hdd/disk.hdd.drh vm.lock", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder)
    #expect(outcome.isSuccess && outcome.messages.count == 2, "\(outcome)")
    #expect(outcome.standardError.contains("other.hds") && outcome.standardError.contains("vm.lock"))
    #expect(try folder.difference("expected", "out") == nil)
  }
}
