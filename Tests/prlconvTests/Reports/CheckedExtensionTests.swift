import TestSupport
import Testing

@Suite("The format extension, as check sees it")
struct CheckedExtensionTests {
  let folder = TemporaryFolder()

  @Test("Every damage is found", arguments: DamagedExtension.broken)
  func damage(damage: DamagedExtension) throws {
    try folder.write(damage.image().file, to: "image.hds")
    let report = try folder.json("check")
    #expect(report.outcome.ending == .status(2) && report.outcome.standardError.isEmpty, "\(report.outcome)")
    let problems = try report.list("problems").filter { $0["kind"] as? String != "leaked-clusters" }
    try #require(problems.count == 1, "\(report.outcome.printed)")
    #expect(problems[0]["kind"] as? String == damage.kind && problems[0]["severity"] as? String == "corruption")
    let message = try #require(problems[0]["message"] as? String)
    for word in damage.words { #expect(message.contains(word), "\(message)") }
    #expect(Set(problems[0].keys) == CheckedImageTests.keysOfProblems)
  }

  @Test(
    "No damage of it keeps the disk from being read", arguments: Exhaustive.cases(DamagedExtension.broken, brief: 6))
  func readableDisk(damage: DamagedExtension) throws {
    try folder.write(damage.image().file, to: "image.hds")
    #expect(try folder.json("check").inner("salvage")["outlook"] as? String == "not-needed")
    #expect(try folder.convert(.prl2raw, from: "image.hds", to: "out.img").isSuccess)
  }

  @Test(
    "A sound extension has no problem, and its clusters are not leaks",
    arguments: [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic])
  func sound(magic: String) throws {
    var parts = try DamagedExtension.sound(magic)
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    try folder.write(parts.image.file, to: "image.hds")
    let report = try folder.json("check")
    expectSilentSuccess(report.outcome)
    #expect(try report.list("problems").isEmpty, "\(report.outcome.printed)")
    #expect(report.number("image-end-offset") == 8192)
  }

  @Test("A stale extension is a warning", arguments: [0, 0x3731_6470, .max] as [UInt32])
  func stale(inUse: UInt32) throws {
    var parts = try DamagedExtension.sound()
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    parts.image.inUse = inUse
    try folder.write(parts.image.file, to: "image.hds")
    let report = try folder.json("check")
    expectSilentSuccess(report.outcome)
    #expect(try report.kinds() == ["extension-stale"] && report.number("warnings") == 1)
    #expect(report.number("corruptions") == 0 && report.number("leaks") == 0)
    let problem = try #require(try report.list("problems").first)
    #expect(problem["severity"] as? String == "warning" && problem["offset"] as? Int == 7168)
    #expect(try folder.report("check").printed.hasPrefix("warning: the format extension is stale"))
  }

  @Test("An unknown feature is a warning", arguments: [0, 1, 2, 3] as [UInt64])
  func unknownFeature(flags: UInt64) throws {
    var image = DamagedImage.sound()
    try image.append(HandMadeExtension([.init(magic: 0xABCD, flags: flags, data: [1, 2, 3])]))
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    expectSilentSuccess(report.outcome)
    #expect(try report.kinds() == ["extension-feature"] && report.number("warnings") == 1)
    #expect(try report.list("problems").first?["message"].map { "\($0)".contains("0xabcd") } == true)
  }

  /// Where it is wrong, it says nothing of where the extension may lie.
  @Test("A wrong data offset is the only problem", arguments: [40, 800, 0xFFFF_FFF8] as [UInt32])
  func wrongDataOffset(dataOffset: UInt32) throws {
    var parts = try DamagedExtension.sound()
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    parts.image.dataOffset = dataOffset
    try folder.write(parts.image.file, to: "image.hds")
    #expect(try folder.json("check").kinds() == ["data-offset"])
    #expect(try Shell.run(#""$PRLCONV" map --bitmap 10 image.hds"#, in: folder).isSuccess)
  }

  @Test("One damaged bitmap does not hide another")
  func severalBitmaps() throws {
    var parts = try DamagedExtension.sound()
    parts.bitmaps[0].granularity = 3
    parts.bitmaps[1].sectorCount = 8
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    try folder.write(parts.image.file, to: "image.hds")
    let kinds = try folder.json("check").kinds().filter { $0 != "leaked-clusters" }
    #expect(kinds == ["bitmap-granularity", "bitmap-size"])
  }

  @Test("Every rule that a bitmap breaks is reported")
  func severalRules() throws {
    var parts = try DamagedExtension.sound()
    parts.bitmaps[1] = .init(1, sectorCount: 8, granularity: 3, l1Table: [1, 2, 3, 900])
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    try folder.write(parts.image.file, to: "image.hds")
    let report = try folder.json("check")
    let kinds = ["bitmap-size", "bitmap-granularity", "bitmap-table-entry", "bitmap-table-entry", "bitmap-id"]
    // The cluster of the first bitmap's bits is a leak: the second does not name it any more.
    #expect(try report.kinds().filter { $0 != "leaked-clusters" && $0 != "extension-shared" } == kinds)
    let messages = try report.list("problems").compactMap { $0["message"] as? String }
    for words in ["L1 entry 2 (sector 3): not a multiple", "L1 entry 3 (sector 900): past the end"] {
      #expect(messages.contains { $0.hasPrefix("dirty bitmap 1: ") && $0.contains(words) }, "\(messages)")
    }
  }

  @Test("Unknown flags are a warning", arguments: [4, 1 << 63] as [UInt64])
  func unknownFlags(flags: UInt64) throws {
    var image = DamagedImage.sound()
    try image.append(HandMadeExtension([.init(magic: 0xABCD, flags: flags | 1, data: [])]))
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    expectSilentSuccess(report.outcome)
    #expect(try report.kinds() == ["extension-feature", "extension-flags"])
    let messages = try report.list("problems").compactMap { $0["message"] as? String }
    #expect(messages[0].contains("forbids changes") && messages[1].contains(String(flags | 1, radix: 16)))
  }
}
