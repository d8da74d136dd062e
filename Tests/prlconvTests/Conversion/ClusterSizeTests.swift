import TestSupport
import Testing

@Suite("Cluster sizes from one sector to the largest that any reader takes")
struct ClusterSizeTests {
  static let largestSectorCount = 4_186_127

  let folder = TemporaryFolder()

  @Test(
    "qemu finds the image sound, and the disk the same", .enabled(if: Tools.qemuImg, "needs qemu-img"),
    arguments: Exhaustive.cases(["512", "1K", "63s", "4k", "252KiB", "16M"], brief: 3), Exhaustive.ends)
  func qemu(size: String, ends: Ends) throws {
    var generator = SeededRandom("sound images")
    try folder.write(.random(clusterCount: 90, clusterByteCount: 512, using: &generator), to: "disk.img")
    try Shell.prepare("truncate -s %512 disk.img", in: folder)
    let outcome = try folder.convert(.raw2prl, "--cluster-size \(size)", from: "disk.img", to: "out.hds", over: ends)
    expectSilentSuccess(outcome)
    let checked = try Shell.run(
      "qemu-img check -q -f parallels out.hds && qemu-img compare -q -f parallels -F raw out.hds disk.img", in: folder)
    #expect(checked.isSuccess && checked.standardError.isEmpty, "\(checked)")
  }

  @Test(
    "qemu sees a closed image of the right size", .enabled(if: Tools.qemuImg, "needs qemu-img"),
    arguments: ["ext", "legacy"])
  func qemuInfo(layout: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, "--layout \(layout)", from: "disk.img", to: "out.hds"))
    let info = try Shell.run("qemu-img info -f parallels out.hds", in: folder)
    #expect(info.printed.contains("virtual size: 3 MiB (3145728 bytes)"), "\(info.printed)")
    #expect(!info.printed.contains("dirty"), "\(info.printed)")
  }

  @Test(
    "The layout is the one that was asked for",
    arguments: ["ext": HandMadeImage.extendedMagic, "legacy": HandMadeImage.legacyMagic].sorted { $0.key < $1.key })
  func layout(layout: String, magic: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, "--layout=\(layout)", from: "disk.img", to: "out.hds"))
    #expect(try Array(folder.bytes(of: "out.hds").prefix(16)) == Array(magic.utf8))
  }

  /// Header, BAT and the one cluster take 4 GiB, so they go through a pipe and nowhere else.
  @Test("The largest cluster goes through a pipe", .enabled(if: Exhaustive.isOn, "make test-exhaustive"))
  func largestWritten() throws {
    try folder.write(SparseDisk(Filling.cluster(3, byteCount: 4096)), to: "disk.img")
    let outcome = try Shell.run(
      #""$PRLCONV" raw2prl --cluster-size \#(Self.largestSectorCount)s disk.img | "$PRLCONV" prl2raw - back.img"#,
      in: folder)
    expectSilentSuccess(outcome)
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }

  @Test(
    "An image with the largest cluster can be read",
    arguments: Exhaustive.cases([HandMadeImage.extendedMagic, HandMadeImage.legacyMagic], brief: 1))
  func largestRead(magic: String) throws {
    let size = Self.largestSectorCount * 512
    var image = HandMadeImage(magic, clusterByteCount: 512, places: [nil, 0])
    image.sectorsPerCluster = UInt32(Self.largestSectorCount)
    image.dataOffset = UInt32(Self.largestSectorCount)
    image.sectorCount = UInt64(Self.largestSectorCount + 9)
    image.entries = [0, magic == HandMadeImage.legacyMagic ? UInt32(Self.largestSectorCount) : 1]
    image.contents = SparseDisk(byteCount: 2 * size)
    image.contents.put(Filling.cluster(1, byteCount: 9 * 512), at: size)
    try folder.write(image.file, to: "image.hds")
    var disk = SparseDisk(byteCount: size + 9 * 512)
    disk.put(Filling.cluster(1, byteCount: 9 * 512), at: size)
    try folder.write(disk, to: "expected.img")
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: "back.img"))
    #expect(try folder.difference("expected.img", "back.img") == nil)
  }

  @Test(
    "A cluster that no reader takes is refused", arguments: ["0", "1", "511", "513", "1000", "4186128s", "1T"],
    Ends.toFile)
  func refused(size: String, ends: Ends) throws {
    try folder.write(SparseDisk(numberedMegabytes: 1), to: "disk.img")
    let outcome = try folder.convert(.raw2prl, "--cluster-size \(size)", from: "disk.img", to: "out.hds", over: ends)
    #expect(outcome.ending == .status(1) || outcome.ending == .status(64), "\(outcome)")
    #expect(folder.names == ["disk.img"])
  }
}
