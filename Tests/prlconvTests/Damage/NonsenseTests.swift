import TestSupport
import Testing

@Suite("Reports on images of nonsense")
struct NonsenseTests {
  static let numbers: [UInt64] = [
    0, 1, 2, 3, 7, 64, 4096, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 54, (1 << 54) - 1, 1 << 55, 1 << 63,
    .max,
  ]

  let folder = TemporaryFolder()

  private func number<Value: FixedWidthInteger>(_ old: Value, using generator: inout SeededRandom) -> Value {
    guard Int.random(in: 0..<6, using: &generator) == 0 else { return old }
    let number = Self.numbers.randomElement(using: &generator) ?? 0
    return Bool.random(using: &generator) ? Value(truncatingIfNeeded: number) : old &+ Value(truncatingIfNeeded: number)
  }

  /// A sound image with two bitmaps in which some fields are others; the seal is right.
  private func image(using generator: inout SeededRandom) throws -> HandMadeImage {
    var parts = try DamagedExtension.sound(CheckFigureTests.magics.randomElement(using: &generator) ?? "")
    for index in parts.bitmaps.indices {
      var bitmap = parts.bitmaps[index]
      bitmap.sectorCount = number(bitmap.sectorCount, using: &generator)
      bitmap.granularity = number(bitmap.granularity, using: &generator)
      bitmap.l1Count = number(bitmap.l1Count, using: &generator)
      bitmap.l1Table = bitmap.l1Table.map { number($0, using: &generator) }
      parts.bitmaps[index] = bitmap
    }
    var made = HandMadeExtension(bitmaps: parts.bitmaps)
    for index in made.sections.indices {
      made.sections[index].dataByteCount = number(made.sections[index].dataByteCount, using: &generator)
    }
    try parts.image.append(made)
    var image = parts.image
    image.sectorCount = number(image.sectorCount, using: &generator)
    image.sectorsPerCluster = number(image.sectorsPerCluster, using: &generator)
    image.entryCount = number(image.entryCount, using: &generator)
    image.dataOffset = number(image.dataOffset, using: &generator)
    image.inUse = number(image.inUse, using: &generator)
    image.flags = number(image.flags, using: &generator)
    image.extensionOffset = number(image.extensionOffset, using: &generator)
    image.entries = image.entries.map { number($0, using: &generator) }
    return image
  }

  @Test("Every report ends, with an error or with what was found", arguments: Exhaustive.cases(0..<4))
  func ends(round: Int) throws {
    var generator = SeededRandom("reports of nonsense", round)
    for _ in Exhaustive.cases(0..<12, brief: 4) {
      let image = try image(using: &generator)
      try folder.write(image.file, to: "image.hds")
      for command in ReportInputTests.commands {
        let outcome = try folder.report(command, "--output json")
        let statuses = command == "check" ? 0...3 : 0...1
        let isEnd = statuses.contains { outcome.ending == .status(Int32($0)) }
        #expect(isEnd, "\(command): \(outcome) \(image.head)")
        if outcome.ending == .status(1) { expectError(outcome) } else { #expect(!outcome.standardOutput.isEmpty) }
      }
    }
  }
}
