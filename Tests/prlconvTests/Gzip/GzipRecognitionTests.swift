import TestSupport
import Testing

@Suite("Whether the input is compressed, by its first bytes alone", .enabled(if: Tools.gzip, "needs gzip"))
struct GzipRecognitionTests {
  let folder = TemporaryFolder()

  private func expectDisk(_ options: String = "", from input: String, is expected: String) throws {
    for ends in Exhaustive.ends {
      let convert = try folder.convert(.raw2prl, "-f \(options)", from: input, to: "out.hds", over: ends)
      expectSilentSuccess(convert, "\(ends)")
      expectSilentSuccess(try folder.convert(.prl2raw, "-f", from: "out.hds", to: "back.img"))
      #expect(try folder.difference(expected, "back.img") == nil, "\(ends)")
    }
  }

  @Test("gzip is recognized whatever its name")
  func anyName() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk")
    try Shell.prepare("gzip < disk > compressed.img", in: folder)
    try expectDisk(from: "compressed.img", is: "disk")
  }

  @Test("A plain disk is plain whatever its name")
  func plainName() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "plain.gz")
    try expectDisk(from: "plain.gz", is: "plain.gz")
  }

  @Test(
    "A disk that only begins like gzip is plain",
    arguments: [[0x1F], [0x1F, 0x8C], [0x8B, 0x1F], [0, 0x1F, 0x8B]] as [[UInt8]])
  func almostGzip(start: [UInt8]) throws {
    try folder.write(start + [UInt8](repeating: 0, count: 1024 - start.count), to: "disk.img")
    try expectDisk(from: "disk.img", is: "disk.img")
  }

  @Test(
    "Anything with the magic of gzip has to be gzip", arguments: Ends.toFile,
    [[0x1F, 0x8B], [0x1F, 0x8B, 7], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]] as [[UInt8]])
  func brokenGzip(ends: Ends, start: [UInt8]) throws {
    try folder.write(start + [UInt8](repeating: 0xFF, count: 1024 - start.count), to: "disk.img")
    expectError(try folder.convert(.raw2prl, from: "disk.img", to: "out", over: ends), saying: ["gzip"])
    #expect(folder.names == ["disk.img"])
  }

  @Test("gzip is data when the input is declared to be raw")
  func forcedRaw() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk")
    try Shell.prepare("gzip < disk > disk.gz; truncate -s %512 disk.gz", in: folder)
    try expectDisk("--input-format raw", from: "disk.gz", is: "disk.gz")
  }

  @Test(
    "A compressed image is refused as a raw disk", arguments: Ends.toFile,
    [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic])
  func compressedImage(ends: Ends, magic: String) throws {
    try folder.write(HandMadeImage(magic, places: [0, 1]).file, to: "image.hds")
    try Shell.prepare("gzip image.hds", in: folder)
    let outcome = try folder.convert(.raw2prl, from: "image.hds.gz", to: "out", over: ends)
    expectError(outcome, saying: ["'\(ends.readsPipe ? "stdin" : "image.hds.gz")'", "Parallels image"])
    #expect(folder.names == ["image.hds.gz"])
  }

  @Test("A compressed raw disk is refused as an image", arguments: Ends.toFile)
  func compressedRaw(ends: Ends) throws {
    try folder.write(SparseDisk(numberedMegabytes: 1), to: "disk")
    try Shell.prepare("gzip disk", in: folder)
    expectError(try folder.convert(.prl2raw, from: "disk.gz", to: "out", over: ends), saying: ["gzip"])
    #expect(folder.names == ["disk.gz"])
  }

  @Test("What is compressed twice is decompressed once")
  func twice() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk")
    try Shell.prepare("gzip < disk > once; truncate -s %512 once; gzip < once > twice", in: folder)
    try expectDisk(from: "twice", is: "once")
  }
}
