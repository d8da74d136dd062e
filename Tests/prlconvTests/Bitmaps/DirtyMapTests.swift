import TestSupport
import Testing

@Suite("Which ranges of the disk a dirty bitmap marks, by map --bitmap")
struct DirtyMapTests {
  let folder = TemporaryFolder()

  private func map(_ options: String) throws -> Outcome {
    try Shell.run(#""$PRLCONV" map \#(options) image.hds"#, in: folder)
  }

  /// 20 clusters of 512 bytes, of which a bitmap marks blocks of 1024 bytes.
  private func writeImage(marking blocks: [[Int]], storesAll: Bool = false) throws {
    var image = HandMadeImage(clusterByteCount: 512, places: [Int?](repeating: nil, count: 20), sectorCount: 19)
    try image.appendBitmaps(
      blocks.map { DirtyBlocks(diskByteCount: 19 * 512, granularity: 1024, marking: $0) }, storesAll: storesAll)
    try folder.write(image.file, to: "image.hds")
  }

  @Test("People get the marked ranges")
  func people() throws {
    try writeImage(marking: [[0, 3, 4, 9]])
    let outcome = try map("--bitmap \(HandMadeBitmap.name())")
    expectSilentSuccess(outcome)
    #expect(
      outcome.printed == """
        Offset          Length
        0               0x400
        0xc00           0x800
        0x2400          0x200

        """)
  }

  @Test("Programs get all runs")
  func programs() throws {
    try writeImage(marking: [[0, 3, 4, 9]])
    let outcome = try map("--output json --bitmap \(HandMadeBitmap.name())")
    expectSilentSuccess(outcome)
    #expect(
      outcome.printed == """
        [{"start":0,"length":1024,"dirty":true},
        {"start":1024,"length":2048,"dirty":false},
        {"start":3072,"length":2048,"dirty":true},
        {"start":5120,"length":4096,"dirty":false},
        {"start":9216,"length":512,"dirty":true}]

        """)
  }

  @Test("A clean bitmap is one run", arguments: [false, true])
  func clean(storesAll: Bool) throws {
    try writeImage(marking: [[]], storesAll: storesAll)
    #expect(try folder.runs(of: "image.hds", bitmap: HandMadeBitmap.name()) == [.init(0..<19 * 512, isDirty: false)])
    #expect(try map("--bitmap \(HandMadeBitmap.name())").printed == "Offset          Length\n")
  }

  @Test("A bitmap of ones is one run that ends with the disk", arguments: [false, true])
  func ones(storesAll: Bool) throws {
    try writeImage(marking: [Array(0..<10)], storesAll: storesAll)
    #expect(try folder.runs(of: "image.hds", bitmap: HandMadeBitmap.name()) == [.init(0..<19 * 512, isDirty: true)])
  }

  @Test("A bitmap without a table is clean")
  func noTable() throws {
    var image = HandMadeImage(places: [0, 1])
    try image.append(HandMadeExtension(bitmaps: [HandMadeBitmap(sectorCount: 4, granularity: 1, l1Table: [])]))
    try folder.write(image.file, to: "image.hds")
    #expect(try folder.runs(of: "image.hds", bitmap: HandMadeBitmap.name()) == [.init(0..<2048, isDirty: false)])
  }

  @Test("An empty disk has no runs")
  func emptyDisk() throws {
    var image = HandMadeImage(places: [])
    try image.append(HandMadeExtension(bitmaps: [HandMadeBitmap(sectorCount: 0, granularity: 1, l1Table: [])]))
    try folder.write(image.file, to: "image.hds")
    #expect(try map("--output json --bitmap \(HandMadeBitmap.name())").printed == "[]\n")
  }

  @Test("Each bitmap has its own runs")
  func several() throws {
    try writeImage(marking: [[1], [2, 3], []])
    for (index, expected) in [[1024..<2048], [2048..<4096], []].enumerated() {
      let runs = try folder.runs(of: "image.hds", bitmap: HandMadeBitmap.name(UInt8(index + 1)))
      #expect(runs.filter(\.isDirty).map(\.range) == expected)
    }
  }

  @Test(
    "The beginning of an id is enough, in any case",
    arguments: [
      "2021", "20212223-24", "20212223-2425-2627-2829-2a2b2c2d2e2f", "{20212223-2425-2627-2829-2A2B2C2D2E2F}",
    ])
  func idPrefix(name: String) throws {
    try writeImage(marking: [[1], [2, 3]])
    #expect(try folder.runs(of: "image.hds", bitmap: "'\(name)'").dropFirst().first?.range == 2048..<4096)
  }

  /// The ids begin with 10, 20 and 30.
  @Test(
    "Without a match, the error lists what there is",
    arguments: ["''", "40", "0", "102", "{}", "20212223-2425-2627-2829-2a2b2c2d2e2f0", "all"])
  func noMatch(name: String) throws {
    try writeImage(marking: [[1], [2, 3], []])
    let outcome = try map("--bitmap \(name)")
    expectError(outcome, saying: ["'image.hds'"] + (1...3).map { HandMadeBitmap.name($0) })
    #expect(outcome.printed == "")
  }

  @Test("A beginning that two ids share is not enough")
  func ambiguousPrefix() throws {
    var image = HandMadeImage(places: [0, 1])
    var twins = [HandMadeBitmap](repeating: HandMadeBitmap(sectorCount: 4, granularity: 1, l1Table: [0]), count: 2)
    twins[1].id[15] = 0
    try image.append(HandMadeExtension(bitmaps: twins))
    try folder.write(image.file, to: "image.hds")
    expectError(try map("--bitmap 1011"), saying: twins.map(\.name))
    #expect(try map("--bitmap \(twins[1].name)").isSuccess)
  }

  @Test("An image without bitmaps is an error that says so")
  func noBitmaps() throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "image.hds")
    expectError(try map("--bitmap 10"), saying: ["has no dirty bitmap"])
  }

  @Test("A stale bitmap is reported with a warning")
  func stale() throws {
    var image = HandMadeImage(places: [0, 1])
    image.inUse = 0
    try image.append(HandMadeExtension(bitmaps: [HandMadeBitmap(sectorCount: 4, granularity: 1, l1Table: [1])]))
    try folder.write(image.file, to: "image.hds")
    let outcome = try map("--bitmap 10")
    #expect(outcome.isSuccess && outcome.printed.hasSuffix("\n0               0x800\n"), "\(outcome.printed)")
    #expect(outcome.messages.count == 1 && outcome.standardError.contains("stale"), "\(outcome)")
  }

  @Test("A damaged bitmap is an error, a sound one beside it is not")
  func damaged() throws {
    var image = HandMadeImage(places: [0, 1])
    let damaged = HandMadeBitmap(1, sectorCount: 5, granularity: 1, l1Table: [0])
    let sound = HandMadeBitmap(2, sectorCount: 4, granularity: 1, l1Table: [1])
    try image.append(HandMadeExtension(bitmaps: [damaged, sound]))
    try folder.write(image.file, to: "image.hds")
    let outcome = try map("--bitmap \(damaged.name)")
    expectError(outcome, saying: ["5 sectors", "4"])
    #expect(outcome.printed == "")
    #expect(try folder.runs(of: "image.hds", bitmap: sound.name) == [.init(0..<2048, isDirty: true)])
  }

  @Test("A damaged extension is an error")
  func damagedExtension() throws {
    var image = HandMadeImage(places: [0, 1])
    var made = HandMadeExtension(bitmaps: [HandMadeBitmap(sectorCount: 4, granularity: 1, l1Table: [1])])
    made.digest = [UInt8](repeating: 7, count: 16)
    try image.append(made)
    try folder.write(image.file, to: "image.hds")
    expectError(try map("--bitmap 10"), saying: ["MD5"])
  }

  @Test("A pipe is refused")
  func pipe() throws {
    try writeImage(marking: [[1]])
    expectError(try Shell.run(#"cat image.hds | "$PRLCONV" map --bitmap 10 -"#, in: folder), saying: ["pipe"])
  }
}
