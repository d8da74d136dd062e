import Foundation
import TestSupport
import Testing

@Suite("check names every rule that an image breaks, and predicts what prl2raw does")
struct CheckedImageTests {
  /// Hopeless images whose header can be read, so that there is something to check.
  static let readableHeaders = [
    "BAT longer than the file", "longest legal BAT in a short file", "change of layout under way",
    "file of the header alone", "file that ends in the last entry",
  ]
  static let unreadable = DamagedImage.hopeless.filter { !readableHeaders.contains($0.testDescription) }
  static let corrupt =
    DamagedImage.inPartReadable + DamagedImage.hopeless.filter { readableHeaders.contains($0.testDescription) }
  static let keysOfProblems: Set = ["kind", "severity", "cluster", "bat-value", "offset", "message"]

  let folder = TemporaryFolder()

  @Test("A file that is not an image is an error", arguments: unreadable)
  func notAnImage(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    for options in ["", "--output json"] {
      let outcome = try folder.report("check", options)
      expectError(outcome, saying: ["'image.hds': "] + image.refusal)
      #expect(outcome.standardOutput.isEmpty, "\(outcome.printed)")
    }
  }

  @Test("Every damage is found", arguments: corrupt)
  func damage(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    #expect(report.outcome.ending == .status(2) && report.outcome.standardError.isEmpty, "\(report.outcome)")
    let messages = try report.list("problems").compactMap { $0["message"] as? String }
    #expect(messages.contains { message in image.refusal.allSatisfy(message.contains) }, "\(messages)")
  }

  @Test("Every key is there", arguments: corrupt)
  func keys(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    #expect(report.object["filename"] as? String == "image.hds" && report.object["format"] as? String == "parallels")
    for key in ["total-clusters", "leaks"] {
      #expect(report.number(key) != nil, "\(key): \(report.outcome.printed)")
    }
    let isCut = try report.kinds().contains("table-cut")
    for key in ["image-end-offset", "allocated-clusters", "fragmented-clusters"] {
      #expect((report.object[key] is NSNull) == isCut && report.object[key] != nil, "\(report.outcome.printed)")
    }
    #expect(report.number("check-errors") == 0)
    let problems = try report.list("problems")
    let corruptions = problems.filter { $0["severity"] as? String == "corruption" }
    #expect(report.number("corruptions") == corruptions.count && !corruptions.isEmpty)
    for problem in problems {
      #expect(Set(problem.keys) == Self.keysOfProblems)
      let isAboutEntry = (problem["kind"] as? String)?.hasPrefix("entry-") == true
      for key in ["cluster", "bat-value"] { #expect((problem[key] is NSNumber) == isAboutEntry, "\(problem)") }
      #expect(problem["offset"] is NSNumber || !isAboutEntry, "\(problem)")
      #expect(problem["message"] is String && problem["kind"] is String)
    }
  }

  @Test("People get the same report", arguments: corrupt)
  func people(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    let outcome = try folder.report("check")
    #expect(outcome.ending == .status(2) && outcome.standardError.isEmpty, "\(outcome)")
    let lines = outcome.printed.split(separator: "\n").map(String.init)
    let said = lines.filter { $0.hasPrefix("corruption: ") }
    #expect(said.contains { line in image.refusal.allSatisfy(line.contains) }, "\(said)")
    let count = try #require(try folder.json("check").number("corruptions"))
    #expect(lines.contains(count == 1 ? "1 corruption found" : "\(count) corruptions found"), "\(outcome.printed)")
    #expect(lines.last?.hasPrefix("prl2raw ") == true, "\(outcome.printed)")
  }

  @Test("What costs no byte is not a corruption", arguments: HarmlessOddityTests.silent)
  func oddities(oddity: HarmlessOddityTests.Oddity) throws {
    let leaks = ["leaked clusters": 2, "a tail after the last cluster": 5, "flagged as empty, and empty": 4]
    try folder.write(oddity.file, to: "image.hds")
    let report = try folder.json("check")
    let leaked = leaks[oddity.testDescription]
    #expect(report.outcome.ending == .status(leaked == nil ? 0 : 3), "\(report.outcome)")
    #expect(report.number("leaks") == leaked ?? 0 && report.number("corruptions") == 0)
    let isSpare = oddity.testDescription.hasPrefix("BAT longer than the disk")
    #expect(
      try Set(report.kinds()) == (leaked != nil ? ["leaked-clusters"] : isSpare ? ["spare-entries"] : []))
  }

  @Test("What a conversion warns about is a corruption", arguments: HarmlessOddityTests.warned)
  func warnings(oddity: HarmlessOddityTests.Oddity) throws {
    try folder.write(oddity.file, to: "image.hds")
    let report = try folder.json("check")
    #expect(report.outcome.ending == .status(2) && report.number("corruptions") == 1, "\(report.outcome.printed)")
  }

  @Test("A sound image has no problem", arguments: [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic])
  func sound(magic: String) throws {
    try folder.write(DamagedImage.sound(magic).file, to: "image.hds")
    let report = try folder.json("check")
    expectSilentSuccess(report.outcome)
    #expect(try report.list("problems").isEmpty)
    let figures = ["corruptions": 0, "leaks": 0, "warnings": 0, "image-end-offset": 5120, "total-clusters": 5]
    for (key, value) in figures { #expect(report.number(key) == value, "\(key)") }
    #expect(report.number("allocated-clusters") == 4 && report.number("fragmented-clusters") == 0)
    #expect(try folder.report("check").printed.hasPrefix("no errors found\n"))
  }

  @Test("What raw2prl writes is sound")
  func ownImages() throws {
    var generator = SeededRandom("checked conversions")
    try folder.write(.random(clusterCount: 30, clusterByteCount: 4096, using: &generator), to: "disk.img")
    for layout in ["ext", "legacy"] {
      expectSilentSuccess(
        try folder.convert(.raw2prl, "-q -f --cluster-size 4k --layout \(layout)", from: "disk.img", to: "image.hds"))
      let report = try folder.json("check")
      expectSilentSuccess(report.outcome)
      #expect(try report.list("problems").isEmpty)
    }
  }

  @Test("All problems are listed at once")
  func allAtOnce() throws {
    var image = DamagedImage.sound()
    (image.inUse, image.flags, image.dataOffset, image.extensionOffset) = (HandMadeImage.open, 1, 3, 4000)
    image.entries = [.max, 80, 2, 2, 0]
    image.contents.resize(to: 3500)
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    #expect(report.outcome.ending == .status(2))
    #expect(
      try report.kinds() == [
        "not-closed", "empty-flag", "data-offset", "entry-reserved", "entry-past-end", "entry-duplicate",
        "leaked-clusters", "leaked-clusters", "extension-place",
      ])
    let clusters = try report.list("problems").compactMap { $0["cluster"] as? Int }
    #expect(clusters == [0, 1, 3])
    #expect(report.number("corruptions") == 7 && report.number("leaks") == 2)
  }

  @Test("A table that is cut hides nothing else")
  func cutTable() throws {
    var image = DamagedImage.sound()
    (image.entryCount, image.sectorCount, image.extensionOffset) = (10_000, 40_000, .max)
    (image.inUse, image.dataOffset) = (HandMadeImage.open, 3)
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    #expect(
      try report.kinds() == ["table-cut", "not-closed", "table-too-short", "data-offset", "extension-place"])
    #expect(report.number("total-clusters") == 20_000 && report.number("corruptions") == 5)
    #expect(report.outcome.ending == .status(2))
    #expect(try report.inner("salvage")["outlook"] as? String == "impossible")
  }

  /// No reader looks at them, but what they name is not free either.
  @Test("Clusters of spare entries are not leaks")
  func spareEntries() throws {
    var image = HandMadeImage(places: [0, 1, 2, 3])
    image.sectorCount = 4
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("check")
    expectSilentSuccess(report.outcome)
    #expect(try report.kinds() == ["spare-entries"] && report.number("warnings") == 1)
    #expect(report.number("total-clusters") == 2 && report.number("allocated-clusters") == 2)
    #expect(report.number("image-end-offset") == 5120 && report.number("leaks") == 0)
    let message = try #require(try report.list("problems").first?["message"] as? String)
    #expect(
      message.contains("4 entries") && message.contains("2 clusters")
        && message.hasSuffix("2 of the extra entries are in use"))
    let data = try #require(try folder.json("info").inner("format-specific")["data"] as? [String: Any])
    #expect(data["allocated-clusters"] as? Int == 2 && data["bat-entries"] as? Int == 4)
  }

  @Test("Entries in a row are one line for people")
  func entriesInRow() throws {
    var image = HandMadeImage(places: [Int?](repeating: nil, count: 40))
    for index in [3, 4, 5, 9, 20, 21] { image.entries[index] = UInt32(100 + index) }
    image.entries[6] = .max
    try folder.write(image.file, to: "image.hds")
    let lines = try folder.report("check").printed.split(separator: "\n").map(String.init)
    let starts = ["BAT entry 3 (103) ", "BAT entry 6 is 0xFFFFFFFF", "BAT entry 9 (109) ", "BAT entry 20 (120) "]
    let said = lines.filter { $0.hasPrefix("corruption: ") }
    #expect(said.count == starts.count, "\(lines)")
    for (line, start) in zip(said, starts) { #expect(line.hasPrefix("corruption: " + start), "\(line)") }
    let ends = ["and so on up to entry 5", "in a file", "bytes)", "and so on up to entry 21"]
    for (line, end) in zip(said, ends) { #expect(line.hasSuffix(end), "\(line)") }
    #expect(lines.contains("7 corruptions found"))
    #expect(try folder.json("check").list("problems").count == 7)
  }

  @Test("Entries that share other clusters are other lines")
  func otherLines() throws {
    var image = HandMadeImage(places: [0, 1, 2, nil, nil, nil, nil])
    for (index, other) in [(3, 0), (4, 0), (5, 1), (6, 2)] { image.entries[index] = image.entries[other] }
    try folder.write(image.file, to: "image.hds")
    let lines = try folder.report("check").printed.split(separator: "\n").filter { $0.hasPrefix("corruption: ") }
    let ends = ["as does BAT entry 0, and so on up to entry 4", "as does BAT entry 1", "as does BAT entry 2"]
    #expect(lines.count == ends.count, "\(lines)")
    for (line, end) in zip(lines, ends) { #expect(line.hasSuffix(end), "\(line)") }
  }
}
