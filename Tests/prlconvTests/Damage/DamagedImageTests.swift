import TestSupport
import Testing

@Suite("Damaged images are refused, and --salvage recovers what is there")
struct DamagedImageTests {
  static let all = DamagedImage.hopeless + DamagedImage.inPartReadable

  let folder = TemporaryFolder()

  private func convert(_ image: DamagedImage, _ options: String, over ends: Ends) throws -> Outcome {
    try folder.write(image.file, to: "image.hds")
    return try folder.convert(.prl2raw, options, from: "image.hds", to: "out.img", over: ends)
  }

  @Test("An image is refused with the rule that it breaks", arguments: all, Exhaustive.filesAndPipes)
  func refused(image: DamagedImage, ends: Ends) throws {
    let outcome = try convert(image, "", over: ends)
    expectError(outcome, saying: [ends.readsPipe ? "'stdin': " : "'image.hds': "] + image.refusal, "\(ends)")
  }

  @Test("A refused image leaves no output", arguments: all, Ends.toFile)
  func noOutput(image: DamagedImage, ends: Ends) throws {
    let outcome = try convert(image, "", over: ends)
    #expect(!outcome.isSuccess && folder.names == ["image.hds"], "\(outcome) \(folder.names)")
  }

  @Test("The hint names the option that helps", arguments: DamagedImage.inPartReadable)
  func hint(image: DamagedImage) throws {
    let hint = try convert(image, "", over: .fileToFile).messages.last
    let option = image.testDescription == "not closed" ? "--allow-dirty" : "--salvage"
    #expect(hint?.hasPrefix("prlconv: hint: \(option) ") == true, "\(hint ?? "nothing")")
  }

  @Test("Some images are refused even with --salvage", arguments: DamagedImage.hopeless, Exhaustive.filesAndPipes)
  func hopeless(image: DamagedImage, ends: Ends) throws {
    let outcome = try convert(image, "--salvage --allow-dirty", over: ends)
    expectError(outcome, saying: image.refusal, "\(ends)")
    #expect(folder.names == ["image.hds"] || !ends.makesFile, "\(folder.names)")
  }

  @Test("--salvage recovers what is there", arguments: DamagedImage.inPartReadable, Exhaustive.filesAndPipes)
  func salvage(image: DamagedImage, ends: Ends) throws {
    let outcome = try convert(image, "--salvage", over: ends)
    switch image.salvage {
    case .refused: Issue.record("\(image.testDescription) can't be salvaged")
    case .withLosses(let disk):
      #expect(outcome.ending == .status(2), "\(outcome)")
      #expect(outcome.messages.contains { $0.hasPrefix("prlconv: lost: '") }, "\(outcome)")
      try expectDisk(disk)
    case .withWarning(let disk):
      #expect(outcome.ending == .status(0), "\(outcome)")
      #expect(
        outcome.messages.allSatisfy { $0.hasPrefix("prlconv: warning: '") } && !outcome.messages.isEmpty, "\(outcome)")
      try expectDisk(disk)
    }
  }

  private func expectDisk(_ disk: SparseDisk) throws {
    try folder.write(disk, to: "expected.img")
    #expect(try folder.difference("out.img", "expected.img") == nil)
  }

  @Test("--salvage lists every loss", arguments: Exhaustive.filesAndPipes)
  func losses(ends: Ends) throws {
    var image = DamagedImage.sound()
    image.entries[0] = .max
    image.entries[3] = 90
    image.contents.resize(to: 4200)
    try folder.write(image.file, to: "image.hds")
    let outcome = try folder.convert(.prl2raw, "-q --salvage", from: "image.hds", to: "out.img", over: ends)
    #expect(outcome.ending == .status(2))
    for entry in ["BAT entry 0 ", "BAT entry 3 (90)", "BAT entry 4 (4)"] {
      #expect(outcome.standardError.contains(entry), "\(entry): \(outcome)")
    }
    try expectDisk(DamagedImage.disk(zeros: 0..<1024, 3072..<4096, 4200..<4608))
  }

  @Test("--allow-dirty reads an image that was not closed", arguments: Exhaustive.filesAndPipes)
  func dirty(ends: Ends) throws {
    var image = DamagedImage.sound()
    image.inUse = HandMadeImage.open
    try folder.write(image.file, to: "image.hds")
    let outcome = try folder.convert(.prl2raw, "--allow-dirty", from: "image.hds", to: "out.img", over: ends)
    #expect(outcome.ending == .status(0) && outcome.standardError.contains("not closed"), "\(outcome)")
    try expectDisk(DamagedImage.disk())
  }

  @Test("--allow-dirty permits nothing else", arguments: Exhaustive.filesAndPipes)
  func dirtyOnly(ends: Ends) throws {
    var image = DamagedImage.sound()
    image.inUse = HandMadeImage.open
    image.entries[1] = 80
    try folder.write(image.file, to: "image.hds")
    let outcome = try folder.convert(.prl2raw, "--allow-dirty", from: "image.hds", to: "out.img", over: ends)
    expectError(outcome, saying: ["BAT entry 1 (80)", "81920", "5120"])
    #expect(!ends.makesFile || folder.names == ["image.hds"])
  }

  /// 0x746F6E59 and flag 1 together say that a writer died between two layouts; a closed image may keep the flag.
  @Test("An image with a finished change of layout can be read", arguments: Exhaustive.filesAndPipes)
  func finishedChange(ends: Ends) throws {
    var image = DamagedImage.sound()
    image.flags = 2
    try folder.write(image.file, to: "image.hds")
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: "out.img", over: ends))
    try expectDisk(DamagedImage.disk())
  }
}
