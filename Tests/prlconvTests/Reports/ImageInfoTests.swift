import Foundation
import TestSupport
import Testing

@Suite("info prints what the header and the table say")
struct ImageInfoTests {
  static let keys: Set = [
    "filename", "format", "virtual-size", "actual-size", "file-size", "cluster-size", "dirty-flag", "format-specific",
  ]
  static let dataKeys: Set = [
    "magic", "version", "heads", "cylinders", "sectors-per-cluster", "bat-entries", "allocated-clusters",
    "data-offset", "in-use", "in-use-raw", "empty-flag", "extension-offset", "stream-order", "extension", "bitmaps",
  ]
  static let bitmapKeys: Set = [
    "id", "granularity", "size", "dirty-bytes", "dirty-extents", "state", "problem",
  ]

  let folder = TemporaryFolder()

  private func data(_ report: JSONReport) throws -> [String: Any] {
    let specific = try report.inner("format-specific")
    #expect(specific["type"] as? String == "parallels")
    return try #require(specific["data"] as? [String: Any])
  }

  @Test("Every key is there")
  func everyKey() throws {
    var parts = try DamagedExtension.sound()
    parts.bitmaps[1].granularity = 3
    parts.made.sections = [.init(magic: HandMadeBitmap.magic, data: [])]
    let made = HandMadeExtension(parts.bitmaps.map(\.section) + parts.made.sections)
    let plain = parts.image
    try parts.image.append(made)
    for image in [plain, parts.image] {
      try folder.write(image.file, to: "image.hds")
      let report = try folder.json("info")
      expectSilentSuccess(report.outcome)
      #expect(Set(report.object.keys) == Self.keys)
      let data = try data(report)
      #expect(Set(data.keys) == Self.dataKeys)
      let bitmaps = try #require(data["bitmaps"] as? [[String: Any]])
      #expect(bitmaps.count == (image.extensionOffset == 0 ? 0 : 3))
      for bitmap in bitmaps { #expect(Set(bitmap.keys) == Self.bitmapKeys) }
      #expect(
        (data["extension"] is NSNull) == bitmaps.isEmpty && (data["extension-offset"] is NSNull) == bitmaps.isEmpty)
    }
  }

  @Test("The fields of the header are printed", arguments: CheckFigureTests.magics)
  func header(magic: String) throws {
    var image = HandMadeImage(magic, clusterByteCount: 1536, places: [2, nil, 0, nil], sectorCount: 11)
    (image.heads, image.cylinders, image.flags) = (7, 1234, 0)
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("info")
    expectSilentSuccess(report.outcome)
    let figures = ["virtual-size": 11 * 512, "file-size": 4 * 1536, "cluster-size": 1536]
    for (key, value) in figures { #expect(report.number(key) == value, "\(key)") }
    #expect(report.object["filename"] as? String == "image.hds" && report.object["format"] as? String == "parallels")
    let data = try data(report)
    let fields = [
      "version": 2, "heads": 7, "cylinders": 1234, "sectors-per-cluster": 3, "bat-entries": 4,
      "allocated-clusters": 2, "data-offset": 1536, "in-use-raw": 0x312E_3276,
    ]
    for (key, value) in fields { #expect(data[key] as? Int == value, "\(key)") }
    #expect(data["magic"] as? String == magic && data["empty-flag"] as? Bool == false)
  }

  @Test(
    "The sizes are those of qemu", .enabled(if: Tools.qemuImg, "needs qemu-img"), arguments: CheckFigureTests.magics,
    Exhaustive.cases([512, 4096, 1 << 20]))
  func qemu(magic: String, clusterByteCount size: Int) throws {
    var image = HandMadeImage(magic, clusterByteCount: size, places: [0, nil, 1], sectorCount: 2 * size / 512 + 1)
    // A hole in the file: what it takes is not its length.
    image.contents.resize(to: image.contents.byteCount + (1 << 20))
    try folder.write(image.file, to: "image.hds")
    for inUse in [HandMadeImage.closed, HandMadeImage.open] {
      image.inUse = inUse
      try folder.write(image.file, to: "image.hds")
      let (ours, qemus) = (try folder.json("info"), try folder.qemuJSON("info"))
      for key in ["virtual-size", "actual-size"] {
        #expect(ours.number(key) == qemus.number(key) && ours.number(key) != nil, "\(key)")
      }
      for key in ["format", "filename"] { #expect(ours.object[key] as? String == qemus.object[key] as? String) }
    }
  }

  @Test(
    "The state is that of in_use",
    arguments: [
      (HandMadeImage.open, "open", "open: in use, or its writer crashed"),
      (HandMadeImage.closed, "closed", "closed (in_use"),
      (0, "unset", "does not know the format extension"), (0x3731_6470, "other", "closed (in_use 0x37316470)"),
    ] as [(UInt32, String, String)])
  func state(inUse: UInt32, word: String, text: String) throws {
    var image = DamagedImage.sound()
    image.inUse = inUse
    try folder.write(image.file, to: "image.hds")
    let report = try folder.json("info")
    let data = try data(report)
    #expect(data["in-use"] as? String == word && data["in-use-raw"] as? UInt32 == inUse)
    #expect(report.object["dirty-flag"] as? Bool == (word == "open"))
    let line = try folder.report("info").printed.split(separator: "\n").first { $0.hasPrefix("state: ") }
    #expect(line?.contains(text) == true, "\(line ?? "no line")")
  }

  @Test(
    "Stream order is the order of the clusters",
    arguments: [([0, 1, nil, 2], true), ([0, nil, 5], true), ([1, 0], false), ([0, 0], false)])
  func streamOrder(places: [Int?], isInOrder: Bool) throws {
    try folder.write(HandMadeImage(places: places).file, to: "image.hds")
    #expect(try data(folder.json("info"))["stream-order"] as? Bool == isInOrder)
    #expect(try folder.report("info").printed.contains("stream order: \(isInOrder ? "yes" : "no")"))
  }

  @Test("The empty flag is printed", arguments: [0, 1] as [UInt32])
  func emptyFlag(flags: UInt32) throws {
    var image = DamagedImage.sound()
    image.flags = flags
    try folder.write(image.file, to: "image.hds")
    #expect(try data(folder.json("info"))["empty-flag"] as? Bool == (flags == 1))
    #expect(try folder.report("info").printed.contains("flagged as empty") == (flags == 1))
  }

  @Test("People get a line for each fact")
  func people() throws {
    var parts = try DamagedExtension.sound()
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    try folder.write(parts.image.file, to: "image.hds")
    let outcome = try folder.report("info")
    expectSilentSuccess(outcome)
    let lines = outcome.printed.split(separator: "\n").map(String.init)
    for line in [
      "image: image.hds", "format: parallels, ext (WithouFreSpacExt)", "virtual size: 4.5 KiB (4608 bytes)",
      "file size: 8 KiB (8192 bytes)", "cluster size: 1 KiB (1024 bytes), 2 sectors",
      "BAT: 5 entries, 4 allocated (4 KiB)", "data area: from byte 1024 on (data_off)",
      "geometry: 16 heads, 0 cylinders", "state: closed (in_use 0x312e3276)", "stream order: yes",
      "format extension: at byte 7168, valid",
      "dirty bitmap 10111213-1415-1617-1819-1a1b1c1d1e1f: valid, granularity 512 bytes, 1.5 KiB dirty in 3 extents",
      "dirty bitmap 20212223-2425-2627-2829-2a2b2c2d2e2f: valid, granularity 512 bytes, 512 bytes dirty in 1 extent",
    ] {
      #expect(lines.contains(line), "no '\(line)' in \(lines)")
    }
    #expect(lines.contains { $0.hasPrefix("space taken: ") } && lines.count == 14)
  }

  @Test("An image without an extension has none")
  func noExtension() throws {
    try folder.write(DamagedImage.sound(HandMadeImage.legacyMagic).file, to: "image.hds")
    let text = try folder.report("info").printed
    #expect(text.hasSuffix("format extension: none\n") && text.contains("legacy (WithoutFreeSpace)"), "\(text)")
  }

  @Test("What the table says is not judged", arguments: DamagedImage.inPartReadable)
  func tableNotJudged(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    expectSilentSuccess(try folder.report("info"))
    expectSilentSuccess(try folder.json("info").outcome)
  }

  @Test(
    "Of an image whose table is cut, the header is printed",
    arguments: DamagedImage.hopeless.filter {
      CheckedImageTests.readableHeaders.contains($0.testDescription)
        && $0.testDescription != "change of layout under way"
    })
  func cutTable(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    for options in ["", "--output json"] {
      let outcome = try folder.report("info", options)
      #expect(outcome.isSuccess && outcome.messages.count == 1, "\(outcome)")
      #expect(outcome.standardError.hasPrefix("prlconv: warning: 'image.hds': the file ends inside the BAT"))
    }
    let report = try folder.json("info")
    #expect(report.number("virtual-size") != nil)
    let data = try data(report)
    for key in ["allocated-clusters", "stream-order"] { #expect(data[key] is NSNull, "\(data)") }
    #expect(data["bat-entries"] is NSNumber)
    #expect(try folder.report("info").printed.contains("entries, cut off by the end of the file\n"))
  }

  @Test("A file that is not an image is an error", arguments: CheckedImageTests.unreadable)
  func notAnImage(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    let outcome = try folder.report("info", "--output json")
    expectError(outcome, saying: ["'image.hds': "] + image.refusal)
    #expect(outcome.standardOutput.isEmpty)
  }
}
