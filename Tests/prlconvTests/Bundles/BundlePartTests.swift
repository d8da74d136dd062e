import TestSupport
import Testing

@Suite("An image that is only a part of a disk is not converted as if it were one")
struct BundlePartTests {
  let folder = TemporaryFolder()

  /// A bundle in `disk.hdd`, one image of which is `image`, too: that of the last snapshot, or of another.
  private func makeBundle(parents: [Int?], storageCount: Int = 1, imageOf snapshot: Int? = nil) throws {
    var random = SeededRandom("parts of disks", parents.count + storageCount)
    let bundle = ModelBundle(parents: parents, storageCount: storageCount, mayBeRaw: false, using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    let image = bundle.images[0][snapshot ?? parents.count - 1].name
    try Shell.prepare(
      "ln -s disk.hdd/'\(image)' image; \"$PRLCONV\" prl2raw -q --alone --allow-dirty image disk", in: folder)
  }

  /// The images have gaps, which `check` calls leaked.
  private func expectSuccess(_ command: String) throws {
    let outcome = try Shell.run("\"$PRLCONV\" \(command)", in: folder)
    #expect(outcome.isSuccess || (command.hasPrefix("check") && outcome.ending == .status(3)), "\(outcome)")
  }

  static let commands = [
    "prl2raw image out", "compare image disk", "compare disk image", "map image", "info image", "check image",
  ]

  @Test("A snapshot that has a parent, or one part of a split disk", arguments: commands, [1, 2])
  func refused(command: String, storageCount: Int) throws {
    try makeBundle(parents: storageCount == 2 ? [nil] : [nil, 0], storageCount: storageCount)
    let outcome = try Shell.run("\"$PRLCONV\" \(command)", in: folder)
    #expect(outcome.standardError.contains("is not a whole disk"), "\(outcome)")
    #expect(outcome.messages.last == "prlconv: hint: name the bundle: disk.hdd/; --alone reads the image by itself")
    #expect(!outcome.isSuccess && !folder.contains("out"))
    try expectSuccess(command + " --alone")
  }

  @Test("The only image of a state is a disk", arguments: commands)
  func whole(command: String) throws {
    try makeBundle(parents: [nil])
    try expectSuccess(command)
  }

  @Test("The oldest state of several gets a warning that names the bundle")
  func root() throws {
    try makeBundle(parents: [nil, 0], imageOf: 0)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw image out"#, in: folder)
    #expect(outcome.isSuccess && outcome.messages.first?.contains("for the current one, name disk.hdd/") == true)
  }

  @Test("An image that the descriptor beside it does not list gets a warning")
  func unlisted() throws {
    try makeBundle(parents: [nil])
    try Shell.prepare("cp image disk.hdd/other", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw disk.hdd/other out"#, in: folder)
    #expect(outcome.isSuccess && outcome.messages.first?.contains("does not list it") == true, "\(outcome)")
  }

  @Test("A state can be chosen of a bundle only", arguments: ["prl2raw image out", "check image", "map image"])
  func snapshotOfImage(command: String) throws {
    try makeBundle(parents: [nil])
    expectError(
      try Shell.run(#""$PRLCONV" \#(command) --snapshot 5fbaabe3"#, in: folder), saying: ["is not a bundle"])
    #expect(!folder.contains("out"))
  }

  @Test("A mistyped snapshot does not make a bundle corrupt", arguments: ["ffffffff", "5fb"])
  func wrongSnapshot(name: String) throws {
    try makeBundle(parents: [nil])
    expectError(try Shell.run(#""$PRLCONV" check --snapshot \#(name) disk.hdd"#, in: folder), saying: ["snapshot"])
  }

  @Test("A state of a bundle can be compared with a disk of another kind")
  func comparedState() throws {
    try makeBundle(parents: [nil])
    let outcome = try Shell.run(#""$PRLCONV" compare --snapshot current disk.hdd disk"#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
    let other = try Shell.run(#""$PRLCONV" compare --snapshot current disk disk"#, in: folder)
    expectError(other, status: 2, saying: ["is not a bundle"])
  }

  @Test(
    "A descriptor that cannot be read gets a warning only",
    arguments: ["mkfifo DiskDescriptor.xml", "mkdir DiskDescriptor.xml", "ln -s /dev/zero DiskDescriptor.xml", ":"])
  func hostile(script: String) throws {
    try makeBundle(parents: [nil, 0])
    try Shell.prepare("cd disk.hdd; rm DiskDescriptor.xml; \(script)", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw image out"#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
    #expect(script == ":" || outcome.messages.contains { $0.contains("cannot be read") }, "\(outcome)")
  }
}
