import TestSupport
import Testing

@Suite("An image that is only a part of a disk is not converted as if it were one")
struct BundlePartTests {
  let folder = TemporaryFolder()

  /// A bundle in `disk.hdd`, the image of whose last snapshot is `image.hds`, too.
  private func makeBundle(parents: [Int?], storageCount: Int = 1) throws {
    var random = SeededRandom("parts of disks", parents.count + storageCount)
    let bundle = ModelBundle(parents: parents, storageCount: storageCount, mayBeRaw: false, using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    let image = bundle.images[0][parents.count - 1].name
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

  @Test(
    "A descriptor that cannot be read says nothing",
    arguments: ["mkfifo DiskDescriptor.xml", "mkdir DiskDescriptor.xml", "ln -s /dev/zero DiskDescriptor.xml", ":"])
  func hostile(script: String) throws {
    try makeBundle(parents: [nil, 0])
    try Shell.prepare("cd disk.hdd; rm DiskDescriptor.xml; \(script)", in: folder)
    #expect(try Shell.run(#""$PRLCONV" prl2raw -q image out"#, in: folder).isSuccess)
  }
}
