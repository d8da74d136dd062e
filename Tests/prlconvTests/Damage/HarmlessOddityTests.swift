import TestSupport
import Testing

@Suite("What looks odd in an image but costs no byte of its disk")
struct HarmlessOddityTests {
  struct Oddity: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var file: SparseDisk
    var disk = DamagedImage.disk()

    init(_ name: String, _ magic: String = HandMadeImage.extendedMagic, _ change: (inout HandMadeImage) -> Void) {
      var image = DamagedImage.sound(magic)
      change(&image)
      testDescription = name
      file = image.file
    }

    init(_ name: String, disk: SparseDisk, _ change: (inout HandMadeImage) -> Void) {
      self.init(name, HandMadeImage.extendedMagic, change)
      self.disk = disk
    }
  }

  static let silent: [Oddity] = [
    Oddity("in_use 0") { $0.inUse = 0 },
    Oddity("in_use pd17") { $0.inUse = 0x3731_6470 },
    Oddity("in_use pd22") { $0.inUse = 0x3232_6470 },
    Oddity("in_use of all ones") { $0.inUse = .max },
    Oddity("only what is past the disk is missing") { $0.contents.resize(to: 4608) },
    Oddity("a little more than the disk is there") { $0.contents.resize(to: 4609) },
    Oddity("BAT longer than the disk, with nonsense") {
      $0.entries += [0, 1, 99, .max]
      $0.entryCount = 9
    },
    Oddity("flagged as empty, and empty", disk: SparseDisk(byteCount: 4608)) {
      $0.flags = 1
      $0.entries = [0, 0, 0, 0, 0]
    },
    Oddity("unknown flags") { $0.flags = 0xFFFF_FFF0 },
    Oddity("legacy data_off 0", HandMadeImage.legacyMagic) { $0.dataOffset = 0 },
    Oddity("legacy nb_sectors with an upper half", HandMadeImage.legacyMagic) { $0.sectorCount |= 0xDEAD_BEEF << 32 },
    Oddity("leaked clusters", disk: DamagedImage.disk(zeros: 1024..<2048, 3072..<4096)) {
      ($0.entries[1], $0.entries[3]) = (0, 0)
    },
    Oddity("a tail after the last cluster") { $0.contents.resize(to: 10_000) },
    Oddity("nonsense geometry") { ($0.heads, $0.cylinders) = (0, .max) },
  ]

  static let warned: [Oddity] = [
    Oddity("data_off 0") { $0.dataOffset = 0 },
    Oddity("data_off after the first cluster") { $0.dataOffset = 4 },
    Oddity("data_off far past the end") { $0.dataOffset = .max },
    Oddity("data_off that is not a whole cluster") { $0.dataOffset = 1 },
    Oddity("extension inside the header") { $0.extensionOffset = 1 },
    Oddity("extension past the end") { $0.extensionOffset = 2000 },
    Oddity("extension at the end of all numbers") { $0.extensionOffset = .max },
    Oddity("extension without its magic") {
      $0.extensionOffset = 10
      $0.contents.resize(to: 6144)
    },
    Oddity("extension with a wrong checksum") {
      $0.extensionOffset = 10
      $0.contents.resize(to: 6144)
      var bytes: [UInt8] = []
      bytes.append(littleEndian: 0xAB23_4CEF_23DC_EA87 as UInt64)
      $0.contents.put(bytes, at: 5120)
    },
    Oddity("extension cut by the end") {
      $0.extensionOffset = 10
      $0.contents.resize(to: 5200)
      var bytes: [UInt8] = []
      bytes.append(littleEndian: 0xAB23_4CEF_23DC_EA87 as UInt64)
      $0.contents.put(bytes, at: 5120)
    },
  ]

  let folder = TemporaryFolder()

  private func convert(_ oddity: Oddity, _ options: String, over ends: Ends) throws -> Outcome {
    try folder.write(oddity.file, to: "image.hds")
    try folder.write(oddity.disk, to: "expected.img")
    let outcome = try folder.convert(.prl2raw, options, from: "image.hds", to: "out.img", over: ends)
    #expect(try folder.difference("out.img", "expected.img") == nil)
    return outcome
  }

  @Test("It is read without a message", arguments: silent, Exhaustive.filesAndPipes)
  func readSilently(oddity: Oddity, ends: Ends) throws {
    expectSilentSuccess(try convert(oddity, "", over: ends))
  }

  @Test("It is salvaged without a message", arguments: silent, Exhaustive.cases(Ends.toFile, brief: 1))
  func salvagedSilently(oddity: Oddity, ends: Ends) throws {
    expectSilentSuccess(try convert(oddity, "--salvage", over: ends))
  }

  @Test("It is read with one warning", arguments: warned, ["", "--salvage"])
  func readWithWarning(oddity: Oddity, options: String) throws {
    for ends in Exhaustive.filesAndPipes {
      let outcome = try convert(oddity, "-f \(options)", over: ends)
      #expect(outcome.ending == .status(0), "\(ends) \(outcome)")
      let warnings = outcome.messages.filter { $0.hasPrefix("prlconv: warning: '") }
      #expect(warnings.count == 1 && outcome.messages.count == 1, "\(ends) \(outcome)")
    }
  }

  @Test("--quiet hides the warning")
  func quiet() throws {
    expectSilentSuccess(try convert(Self.warned[0], "-q", over: .fileToFile))
  }
}
