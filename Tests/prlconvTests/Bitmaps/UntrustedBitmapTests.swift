import TestSupport
import Testing

@Suite("A bitmap that cannot be trusted is refused before the first write")
struct UntrustedBitmapTests {
  /// What is done to a sound image, and what the message says of it.
  struct Flaw: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var said: [String]
    var bitmap: @Sendable (inout HandMadeBitmap) -> Void = { _ in }
    var made: @Sendable (inout HandMadeExtension) -> Void = { _ in }
    var image: @Sendable (inout HandMadeImage) -> Void = { _ in }

    init(_ name: String, _ said: String..., bitmap: @escaping @Sendable (inout HandMadeBitmap) -> Void) {
      (testDescription, self.said, self.bitmap) = (name, said, bitmap)
    }
    init(_ name: String, _ said: String..., made: @escaping @Sendable (inout HandMadeExtension) -> Void) {
      (testDescription, self.said, self.made) = (name, said, made)
    }
    init(_ name: String, _ said: String..., image: @escaping @Sendable (inout HandMadeImage) -> Void) {
      (testDescription, self.said, self.image) = (name, said, image)
    }
  }

  static let ofImages: [Flaw] = [
    .init("not closed", "not closed", image: { $0.inUse = HandMadeImage.open }),
    .init("closed by old software", "in_use is 0x0", image: { $0.inUse = 0 }),
    .init("closed by other software", "in_use is 0x37316470", image: { $0.inUse = 0x3731_6470 }),
    .init("a damaged BAT", "BAT entry 0", image: { $0.entries[0] = 1000 }),
    .init(
      "extension's cluster in the BAT", "in use for something else",
      image: { $0.entries[0] = UInt32($0.extensionOffset) / $0.sectorsPerCluster }),
    .init("no extension", "has no dirty bitmap", image: { $0.extensionOffset = 0 }),
    .init("extension between clusters", "not a multiple", image: { $0.extensionOffset += 1 }),
    .init("extension past the end", "past the end", image: { $0.extensionOffset = 1000 }),
    .init("extension far past any file", "far past", image: { $0.extensionOffset = .max }),
    .init("extension cut by the end", "ends inside", image: { $0.contents.resize(to: $0.contents.byteCount - 1) }),
  ]
  private static var unending: HandMadeExtension.Section {
    var section = HandMadeExtension.Section(magic: 5, data: [])
    section.dataByteCount = .max
    return section
  }
  static let ofExtensions: [Flaw] = [
    .init("wrong MD5", "MD5 does not match", made: { $0.digest = [UInt8](repeating: 1, count: 16) }),
    .init("wrong magic", "begins with 0x1234", made: { $0.magic = 0x1234 }),
    .init("sections that end otherwise", "is not all zeros", made: { $0.end.flags = 1 }),
    .init("a section without an end", "is too long", made: { $0.end = unending }),
    .init("two bitmaps of one id", HandMadeBitmap.name(), made: { $0.sections.append($0.sections[0]) }),
  ]
  static let ofBitmaps: [Flaw] = [
    .init("larger than the disk", "18 sectors", "17", bitmap: { $0.sectorCount = 18 }),
    .init("smaller than the disk", "16 sectors", "17", bitmap: { $0.sectorCount = 16 }),
    .init("granularity 0", "granularity (0 sectors)", bitmap: { $0.granularity = 0 }),
    .init("granularity 3", "granularity (3 sectors)", bitmap: { $0.granularity = 3 }),
    .init("largest granularity", "granularity (4294967295 sectors)", bitmap: { $0.granularity = .max }),
    .init("L1 table too long", "2 entries, not 1", bitmap: { ($0.l1Table, $0.l1Count) = ([1, 1], 2) }),
    .init("L1 table longer than its section", "too short for its L1 table", bitmap: { $0.l1Count = 2 }),
    .init("longest L1 table", "too short for its L1 table", bitmap: { $0.l1Count = .max }),
    .init("L1 entry between clusters", "L1 entry 0 (sector 7)", "multiple", bitmap: { $0.l1Table = [7] }),
    .init("L1 entry past the end", "L1 entry 0 (sector 1000)", "past the end", bitmap: { $0.l1Table = [1000] }),
    .init("L1 entry far past any file", "L1 entry 0", "far past", bitmap: { $0.l1Table = [.max] }),
  ]

  let folder = TemporaryFolder()

  private func expectRefusal(saying parts: [String]) throws {
    let outcome = try folder.refresh()
    expectError(outcome, saying: ["'image.hds'"])
    for part in parts { #expect(outcome.standardError.contains(part), "'\(part)' is not said: \(outcome)") }
    #expect(!outcome.standardError.contains("partly old"), "\(outcome)")
    #expect(try folder.difference("old.img", "copy.img") == nil)
  }

  @Test("Any flaw is refused before any write", arguments: ofImages + ofExtensions + ofBitmaps)
  func refused(flaw: Flaw) throws {
    let aged = try AgedCopy { image in
      var bitmap = HandMadeBitmap(sectorCount: 17, granularity: 2, l1Table: [1])
      flaw.bitmap(&bitmap)
      var made = HandMadeExtension(bitmaps: [bitmap])
      flaw.made(&made)
      try image.append(made)
      flaw.image(&image)
    }
    try folder.write(aged)
    try expectRefusal(saying: flaw.said)
  }

  @Test("The same image without a flaw is taken")
  func sound() throws {
    let aged = try AgedCopy { image in
      try image.append(HandMadeExtension(bitmaps: [HandMadeBitmap(sectorCount: 17, granularity: 2, l1Table: [1])]))
    }
    try folder.write(aged)
    expectSilentSuccess(try folder.refresh())
    try folder.expectRefreshed()
  }

  /// A table of 4 sectors, the third of which is taken for a cluster.
  @Test(
    "A place inside the table is not taken for a cluster",
    arguments: ["L1 entry 0 (sector 2)", "format extension at sector 2"])
  func insideTable(culprit: String) throws {
    let places = (0..<400).map { $0 % 7 == 0 ? $0 / 7 : nil }
    var image = HandMadeImage(clusterByteCount: 512, places: places)
    let disk = HandMadeImage.disk(clusterByteCount: 512, places: places)
    let isEntry = culprit.hasPrefix("L1")
    let bitmap = HandMadeBitmap(sectorCount: 400, granularity: 1, l1Table: [isEntry ? 2 : 1])
    try image.append(HandMadeExtension(bitmaps: [bitmap]))
    if !isEntry { image.extensionOffset = 2 }
    try folder.write(image.file, to: "image.hds")
    try folder.write([UInt8](repeating: AgedCopy.marker, count: disk.byteCount), to: "old.img")
    try expectRefusal(saying: [culprit, "inside the header or BAT"])
  }

  @Test("A damaged bitmap does not keep another from being used")
  func otherBitmap() throws {
    let aged = try AgedCopy { image in
      let damaged = HandMadeBitmap(2, sectorCount: 17, granularity: 3, l1Table: [1])
      let sound = HandMadeBitmap(1, sectorCount: 17, granularity: 2, l1Table: [1])
      try image.append(HandMadeExtension(bitmaps: [damaged, sound]))
    }
    try folder.write(aged)
    #expect(try folder.refresh().isSuccess)
    try folder.expectRefreshed()
  }

  @Test("The error names the way out")
  func hint() throws {
    let aged = try AgedCopy { image in
      image.inUse = 0
      try image.append(HandMadeExtension(bitmaps: [HandMadeBitmap(sectorCount: 17, granularity: 2, l1Table: [1])]))
    }
    try folder.write(aged)
    #expect(try folder.refresh().standardError.contains("hint: convert the whole disk"))
  }
}
