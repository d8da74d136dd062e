import TestSupport
import Testing

@Suite("Bundles that are written")
struct NewBundleTests {
  let folder = TemporaryFolder()
  static let image = "disk.hdd.0.{\(ModelBundle.currentID)}.hds"

  private func makeDisk(byteCount: Int = 65 << 20) throws {
    var disk = SparseDisk(byteCount: byteCount)
    disk.put(Filling.cluster(1, byteCount: 300_000), at: 700_000)
    disk.putZeros(5 << 20..<7 << 20)
    disk.put([9], at: byteCount - 1)
    try folder.write(disk, to: "disk.img")
  }

  private func prlconv(_ arguments: String) throws -> Outcome {
    try Shell.run("\"$PRLCONV\" \(arguments)", in: folder)
  }

  @Test("A bundle has a descriptor, the same as its backup, an empty file and the image, with a clean header")
  func files() throws {
    try makeDisk()
    expectSilentSuccess(try prlconv("raw2prl disk.img disk.hdd"))
    let names = try Shell.prepare("ls -A disk.hdd", in: folder).printed
    #expect(
      names.split(separator: "\n") == ["DiskDescriptor.xml", "DiskDescriptor.xml.Backup", "disk.hdd", Self.image[...]])
    #expect(try folder.difference("disk.hdd/DiskDescriptor.xml", "disk.hdd/DiskDescriptor.xml.Backup") == nil)
    #expect(try folder.byteCount(of: "disk.hdd/disk.hdd") == 0)
    let header = try Array(folder.bytes(of: "disk.hdd/\(Self.image)").prefix(64))
    #expect(String(decoding: header[..<16], as: UTF8.self) == HandMadeImage.legacyMagic)
    #expect(header[44..<48].allSatisfy { $0 == 0 }, "in_use is 0")
    #expect(folder.leftovers.isEmpty)
    expectSilentSuccess(try prlconv("check disk.hdd > /dev/null"))
    expectSilentSuccess(try prlconv("compare -q -s disk.img disk.hdd"))
  }

  @Test(
    "However the disk comes, the image is the same",
    arguments: [
      "raw2prl disk.img disk.hdd", "raw2prl -o disk.hdd disk.img", "raw2prl - disk.hdd/ < disk.img",
      "raw2prl - disk.hdd < <(cat disk.img)", "raw2prl <(gzip -c disk.img) disk.hdd",
      "raw2prl --size 65M - disk.hdd < <(cat disk.img)", "raw2prl -T 1 --bundle --sync disk.img disk.hdd",
    ])
  func inputs(command: String) throws {
    try makeDisk()
    expectSilentSuccess(try prlconv(command))
    expectSilentSuccess(try prlconv("raw2prl --layout legacy disk.img other.hds"))
    // The word in_use alone differs.
    #expect(try folder.difference("disk.hdd/\(Self.image)", "other.hds", except: 44..<48) == nil)
  }

  @Test(
    "The disk is a whole number of MiB, which is reported",
    arguments: [(64 << 20) + 1, (65 << 20) - 512, (65 << 20) - 1], ["disk.img", "- < <(cat disk.img)"])
  func rounding(byteCount: Int, input: String) throws {
    try makeDisk(byteCount: byteCount)
    let parts = input.split(separator: " ", maxSplits: 1)
    for option in ["", "--plain", "--allocated", "--layout ext --cluster-size 3M"] {
      let outcome = try prlconv("raw2prl -f \(option) \(parts[0]) disk.hdd \(parts.dropFirst().first ?? "")")
      #expect(outcome.isSuccess && outcome.messages.count == 1, "\(outcome)")
      #expect(outcome.standardError.contains("not a multiple of 1 MiB"), "\(outcome)")
      let text = try String(decoding: folder.bytes(of: "disk.hdd/DiskDescriptor.xml"), as: UTF8.self)
      #expect(text.contains("<Disk_size>\(65 << 11)</Disk_size>"))
      #expect(try prlconv("compare disk.img disk.hdd").ending == .status(0))
      #expect(try prlconv("check disk.hdd").ending == .status(0))
      expectSilentSuccess(try prlconv("prl2raw -f disk.hdd back.img"))
      #expect(try folder.byteCount(of: "back.img") == 65 << 20)
    }
  }

  @Test(
    "measure --bundle says how large the image in the bundle will be", arguments: ["", "--allocated", "--layout ext"])
  func measured(options: String) throws {
    try makeDisk(byteCount: (65 << 20) - 100)
    for input in ["disk.img", "- < <(cat disk.img)"] {
      let outcome = try prlconv("measure --bundle --output json \(options) \(input)")
      #expect(try prlconv("raw2prl -q -f \(options) disk.img disk.hdd 2> warnings").isSuccess)
      let required = try folder.byteCount(of: "disk.hdd/\(Self.image)")
      #expect(outcome.printed.filter { $0 != " " }.contains("\"required\":\(required)"), "\(outcome.printed)")
    }
  }

  @Test("A plain bundle has the raw bytes of the disk, and no header")
  func plain() throws {
    try makeDisk()
    expectSilentSuccess(try prlconv("raw2prl --plain disk.img disk.hdd"))
    #expect(try folder.difference("disk.hdd/\(Self.image)", "disk.img") == nil)
    #expect(try folder.allocatedByteCount(of: "disk.hdd/\(Self.image)") < 4 << 20, "zeros are holes")
    let text = try String(decoding: folder.bytes(of: "disk.hdd/DiskDescriptor.xml"), as: UTF8.self)
    #expect(text.contains("<Type>Plain</Type>"))
  }

  @Test("The options of a bundle are in its descriptor, and its UID is another each time")
  func options() throws {
    try makeDisk()
    let uid = "0A1B2C3D-0000-4000-8000-00000000000f"
    expectSilentSuccess(try prlconv("raw2prl --uid \(uid) --geometry 16:63 disk.img disk.hdd"))
    let text = try String(decoding: folder.bytes(of: "disk.hdd/DiskDescriptor.xml"), as: UTF8.self)
    #expect(text.contains("<UID>{\(uid.lowercased())}</UID>"))
    #expect(text.contains("<Heads>16</Heads>") && text.contains("<Sectors>63</Sectors>"))
    for name in ["a.hdd", "b.hdd"] { expectSilentSuccess(try prlconv("raw2prl disk.img \(name)")) }
    let uids = try Shell.prepare("grep -h '<UID>' ?.hdd/*.xml | sort -u | wc -l", in: folder).printed
    #expect(uids == "2\n")
  }

  @Test(
    "Names that XML or the shell treat specially are kept",
    arguments: ["a&b <c>.hdd", "-x.hdd", "Größe \"1\".hdd", "noname", ".hdd", "'.HDD"])
  func names(name: String) throws {
    try makeDisk()
    let argument = "'./\(name.replacing("'", with: "'\\''"))'"
    expectSilentSuccess(try prlconv("raw2prl --bundle disk.img \(argument)"))
    expectSilentSuccess(try prlconv("compare -q -s disk.img \(argument)"))
    #expect(folder.names.sorted() == ["disk.img", name].sorted())
  }

  @Test(
    "Bad names are refused before anything is written",
    arguments: [
      ("$'a\\nb.hdd'", "control characters"), ("$(printf 'x%.0s' {1..207}).hdd", "too long"),
      ("nowhere/disk.hdd", "No such file"), ("' x.hdd'", "white space"), ("$'\\343\\200\\200x.hdd'", "white space"),
      ("$'\\357\\277\\276x.hdd'", "XML"), ("--layout legacy huge.hdd --size 3T", "--layout ext"),
    ])
  func refused(output: String, reason: String) throws {
    try makeDisk()
    let outcome = try prlconv("raw2prl --bundle disk.img \(output)")
    #expect(outcome.ending == .status(1) && outcome.standardError.contains(reason), "\(outcome)")
    #expect(folder.names == ["disk.img"])
  }

  @Test(
    "Options that make no sense are wrong usage",
    arguments: [
      "raw2prl --bundle disk.img -", "raw2prl --plain disk.img out.hds", "raw2prl --uid 1 disk.img out.hdd",
      "raw2prl --geometry 16x32 disk.img out.hdd", "raw2prl --geometry 16:64 disk.img out.hdd",
      "raw2prl --plain --layout ext disk.img out.hdd", "raw2prl --plain --allocated disk.img out.hdd",
      "raw2prl --no-bundle --plain disk.img out.hdd", "prl2prl --bundle disk.hds -",
      "raw2prl --plain --new-bitmap 11111111-1111-4111-8111-111111111111 disk.img out.hdd",
    ])
  func wrongUsage(command: String) throws {
    try makeDisk()
    let outcome = try prlconv(command)
    #expect(outcome.ending == .status(64), "\(outcome)")
    #expect(folder.names == ["disk.img"])
  }

  @Test("--no-bundle writes an image whatever its name, and a small disk of a bundle deserves a warning")
  func smallAndSingle() throws {
    try makeDisk(byteCount: 8 << 20)
    expectSilentSuccess(try prlconv("raw2prl --no-bundle disk.img disk.hdd"))
    expectSilentSuccess(try prlconv("raw2prl disk.img disk.hds"))
    #expect(try folder.difference("disk.hdd", "disk.hds") == nil)
    let outcome = try prlconv("raw2prl disk.img small.hdd")
    #expect(outcome.isSuccess && outcome.standardError.contains("64 MiB"), "\(outcome)")
  }

  @Test("A bundle cannot hold a disk without bytes", arguments: ["empty", "--plain empty", "--size 0 - < /dev/null"])
  func empty(arguments: String) throws {
    try folder.write([], to: "empty")
    let parts = arguments.split(separator: "<")
    let outcome = try prlconv("raw2prl \(parts[0]) -o disk.hdd \(parts.count > 1 ? "<" + parts[1] : "")")
    #expect(outcome.ending == .status(1) && outcome.standardError.contains("no bytes"), "\(outcome)")
    #expect(folder.names == ["empty"])
  }

  @Test("A plain bundle is refused if its disk would be read as an image")
  func ambiguous() throws {
    let image = HandMadeImage(clusterByteCount: 1 << 20, places: [0, 1, 2, nil])
    try folder.write(image.file, to: "disk.img")
    let outcome = try prlconv("raw2prl --plain --input-format raw disk.img disk.hdd")
    #expect(outcome.ending == .status(1) && outcome.standardError.contains("begins like an image"), "\(outcome)")
    #expect(folder.names == ["disk.img"])
  }

  @Test("A bundle over 2 TiB needs the other layout, or raw bytes")
  func large() throws {
    try folder.write(SparseDisk(byteCount: 3 << 40), to: "disk.img")
    #expect(try prlconv("raw2prl disk.img disk.hdd").ending == .status(1))
    expectSilentSuccess(try prlconv("raw2prl --layout ext disk.img disk.hdd"))
    expectSilentSuccess(try prlconv("raw2prl -f --plain disk.img disk.hdd"))
    #expect(folder.leftovers.isEmpty)
  }

  @Test("qemu-img finds nothing wrong with the image", .enabled(if: Tools.qemuImg, "needs qemu-img"))
  func qemu() throws {
    try makeDisk()
    expectSilentSuccess(try prlconv("raw2prl disk.img disk.hdd"))
    let image = "'disk.hdd/\(Self.image)'"
    let outcome = try Shell.run(
      "qemu-img check -q -f parallels \(image) && qemu-img compare -q -f raw -F parallels disk.img \(image)", in: folder
    )
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test("ploop finds nothing wrong with the image", .enabled(if: Shell.isInstalled("ploop"), "needs ploop"))
  func ploop() throws {
    try makeDisk()
    expectSilentSuccess(try prlconv("raw2prl --layout ext disk.img disk.hdd"))
    let outcome = try Shell.run("cp disk.hdd/*.hds copy && ploop check -f -d copy", in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test(
    "libphdi reads the same disk",
    .enabled(if: Shell.works("python3 -c 'import pyphdi'"), "needs libphdi-python"))
  func libphdi() throws {
    try makeDisk()
    expectSilentSuccess(try prlconv("raw2prl disk.img disk.hdd"))
    let script = """
      import pyphdi
      disk = pyphdi.handle()
      disk.open("disk.hdd/DiskDescriptor.xml")
      disk.open_extent_data_files()
      expected = open("disk.img", "rb").read()
      assert disk.get_media_size() == len(expected)
      assert disk.read_buffer_at_offset(len(expected), 0) == expected
      """
    try folder.write(Array(script.utf8), to: "read.py")
    let outcome = try Shell.run("python3 read.py", in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }
}
