import TestSupport
import Testing

@Suite("An image that is only a part of a disk is not converted as if it were one")
struct BundlePartTests {
  let folder = TemporaryFolder()

  private func makeBundle(storages: Int = 1, images: [String]) throws {
    let list = images.map { "<Image><GUID>{0}</GUID><Type>Compressed</Type><File>\($0)</File></Image>" }.joined()
    let storage = "<Storage><Start>0</Start><End>3</End>\(list)</Storage>"
    let text =
      "<?xml version='1.0'?><Parallels_disk_image><StorageData>"
      + String(repeating: storage, count: storages) + "</StorageData></Parallels_disk_image>"
    try folder.write(Array(text.utf8), to: "DiskDescriptor.xml")
    try folder.write(HandMadeImage(places: [0, 1, 2]).file, to: "disk.hds")
    try Shell.prepare(#""$PRLCONV" prl2raw --alone disk.hds disk.img"#, in: folder)
  }

  static let commands = [
    "prl2raw disk.hds out", "compare disk.hds disk.img", "compare disk.img disk.hds", "prl2raw link out",
  ]

  @Test("A snapshot, or one part of a split disk", arguments: commands, [1, 2])
  func refused(command: String, storages: Int) throws {
    try makeBundle(storages: storages, images: storages == 2 ? ["disk.hds"] : ["disk.hds", "other.hds"])
    try Shell.prepare("ln -s disk.hds link", in: folder)
    let outcome = try Shell.run("\"$PRLCONV\" \(command)", in: folder)
    #expect(outcome.standardError.contains("is not a whole disk"), "\(outcome)")
    #expect(
      outcome.messages.last == "prlconv: hint: --alone reads it by itself, with zeros for what is in other images")
    #expect(!outcome.isSuccess && !folder.contains("out"))
    #expect(try Shell.run("\"$PRLCONV\" \(command) --alone", in: folder).isSuccess)
  }

  @Test("The only image of a bundle is a disk", arguments: commands.dropLast())
  func whole(command: String) throws {
    try makeBundle(images: ["disk.hds"])
    #expect(try Shell.run("\"$PRLCONV\" \(command)", in: folder).isSuccess)
  }

  @Test("An image that the descriptor does not list is a disk")
  func unlisted() throws {
    try makeBundle(images: ["a.hds", "b.hds"])
    expectSilentSuccess(try folder.convert(.prl2raw, from: "disk.hds", to: "out"))
  }

  @Test(
    "A descriptor that cannot be read is none",
    arguments: ["mkfifo DiskDescriptor.xml", "mkdir DiskDescriptor.xml", "ln -s /dev/zero DiskDescriptor.xml"])
  func hostile(script: String) throws {
    try makeBundle(images: ["disk.hds", "other.hds"])
    try Shell.prepare("rm DiskDescriptor.xml; \(script)", in: folder)
    expectSilentSuccess(try folder.convert(.prl2raw, from: "disk.hds", to: "out"))
  }
}
