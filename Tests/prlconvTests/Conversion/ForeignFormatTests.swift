import TestSupport
import Testing

@Suite("Other formats are named and refused, not converted as if they were disks")
struct ForeignFormatTests {
  let folder = TemporaryFolder()

  /// How another program makes a file, and what prlconv calls it.
  struct Maker: Sendable, CustomTestStringConvertible {
    var tool: String
    var script: String
    var name: String
    var hint: String

    var testDescription: String { script }
    var isPossible: Bool { Shell.isInstalled(tool) }

    init(_ tool: String, _ script: String, _ name: String, hint: String) {
      (self.tool, self.script, self.name, self.hint) = (tool, script, name, hint)
    }

    static func image(_ options: String, _ name: String) -> Self {
      Self(
        "qemu-img", "qemu-img create -q -f \(options) file 4M", name,
        hint: "qemu-img convert -O raw file OUTPUT.img")
    }
  }

  static let makers = [
    Maker.image("qcow2", "qcow2 image"), .image("qcow", "qcow2 image"), .image("vmdk", "VMDK image"),
    .image("vdi", "VDI image"), .image("vhdx", "VHDX image"), .image("vpc", "VHD image"),
    .image("vpc -o subformat=fixed", "VHD image"), .image("qed", "QED image"),
    Maker("xz", "xz < disk > file", "xz", hint: "xz -dc file | "),
    Maker("zstd", "zstd < disk > file", "zstd", hint: "zstd -dc file | "),
    Maker("bzip2", "bzip2 < disk > file", "bzip2", hint: "bzip2 -dc file | "),
    Maker("lz4", "lz4 -c < disk > file", "lz4", hint: "lz4 -dc file | "),
    Maker("zip", "zip -q - disk > file", "zip archive", hint: "unzip -p file | "),
    Maker("tar", "tar cf file disk", "tar archive", hint: "tar -xOf file MEMBER | "),
    Maker("tar", "tar czf file disk", "tar archive", hint: "tar -xOf file MEMBER | "),
    Maker(
      "sh", "{ cat disk; printf koly; printf '\\0\\0\\0\\4\\0\\0\\2\\0'; head -c 500 /dev/zero; } > file", "DMG image",
      hint: "qemu-img convert"),
    Maker("sh", "printf ' \\n<!DOCTYPE HTML PUBLIC><title>404</title>' > file", "HTML page", hint: "head -c 500 file"),
    Maker(
      "sh", #"printf '<?xml version="1.0"?>\n<Parallels_disk_image Version="1.0">' > file"#, "descriptor",
      hint: "prlconv prl2raw file OUTPUT"),
  ].filter(\.isPossible)

  private func make(_ maker: Maker) throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk")
    try Shell.prepare(maker.script, in: folder)
  }

  @Test("Every command that reads a disk refuses it, and says what it is", arguments: makers)
  func refused(maker: Maker) throws {
    try make(maker)
    for (command, status) in [
      ("raw2prl file out", 1), ("raw2prl - out < file", 1), ("measure file", 1), ("compare file disk", 2),
      ("compare disk file", 2),
    ] {
      let outcome = try Shell.run("\"$PRLCONV\" \(command)", in: folder)
      #expect(outcome.ending == .status(Int32(status)), "\(command): \(outcome)")
      #expect(outcome.standardError.contains(maker.name), "\(command): \(outcome)")
      #expect(outcome.messages.count == 2, "\(command): \(outcome)")
    }
    #expect(!folder.contains("out"))
  }

  @Test("The hint works as it stands", arguments: Exhaustive.cases(makers, brief: 6))
  func hint(maker: Maker) throws {
    try make(maker)
    let outcome = try Shell.run(#""$PRLCONV" raw2prl file out"#, in: folder)
    #expect(outcome.messages.last?.contains(maker.hint) == true, "\(outcome)")
    let hint = String(outcome.messages.last?.dropFirst("prlconv: hint: ".count) ?? "")
    guard hint.contains(" | ") else { return }
    let command = hint.replacing("prlconv ", with: "\"$PRLCONV\" ").replacing("OUTPUT", with: "out")
      .replacing("MEMBER", with: "disk")
    expectSilentSuccess(try Shell.run(command, in: folder))
    expectSilentSuccess(try Shell.run(#""$PRLCONV" compare -q disk out"#, in: folder))
  }

  @Test(
    "What an image is expected to be is named, too",
    arguments: ["prl2raw file out", "info file", "check file", "map file"])
  func insteadOfImages(command: String) throws {
    try Shell.prepare("head -c 4096 /dev/urandom | xz > file", in: folder)
    expectError(try Shell.run("\"$PRLCONV\" \(command)", in: folder), saying: ["'file'", "compressed with xz"])
  }

  @Test("--input-format raw takes the bytes as they are", arguments: Exhaustive.cases(makers, brief: 4))
  func asRaw(maker: Maker) throws {
    try make(maker)
    try Shell.prepare("truncate -s %512 file", in: folder)
    let outcome = try Shell.run(
      #""$PRLCONV" raw2prl --input-format raw file out && "$PRLCONV" compare -q --input-format raw file out && "$PRLCONV" measure --input-format raw file > /dev/null"#,
      in: folder)
    expectSilentSuccess(outcome)
  }

  @Test(
    "A raw disk may hold an ISO 9660 file system, a LUKS volume or a partition table",
    arguments: [
      "printf 'LUKS\\272\\276\\0\\1' | dd of=file conv=notrunc status=none",
      "printf '\\1CD001\\1' | dd of=file bs=1 seek=32768 conv=notrunc status=none",
      "printf '\\125\\252' | dd of=file bs=1 seek=510 conv=notrunc status=none",
      "printf 'conectix' | dd of=file bs=1 seek=1048064 conv=notrunc status=none",
    ])
  func rawDisks(script: String) throws {
    try Shell.prepare("truncate -s 1M file; \(script)", in: folder)
    expectSilentSuccess(try Shell.run(#""$PRLCONV" raw2prl file out"#, in: folder))
  }
}
