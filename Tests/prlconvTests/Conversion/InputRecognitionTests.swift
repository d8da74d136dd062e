import Foundation
import TestSupport
import Testing

@Suite("What the input is, by its first bytes")
struct InputRecognitionTests {
  let folder = TemporaryFolder()

  /// Files of `/proc` say that they have no bytes.
  @Test(
    "A file that does not report its length is read as a stream", arguments: ["/proc/version", "- < /proc/version"])
  func unknownLength(input: String) throws {
    guard let bytes = FileManager.default.contents(atPath: "/proc/version"), !bytes.isEmpty else { return }
    try Shell.prepare(#""$PRLCONV" raw2prl -q -o out \#(input) && "$PRLCONV" prl2raw out back"#, in: folder)
    #expect(try folder.bytes(of: "back").prefix(bytes.count).elementsEqual(bytes))
    let same = try Shell.run(#""$PRLCONV" compare out \#(input)"#, in: folder)
    #expect(same.isSuccess && same.printed.contains("are identical"), "\(same)")
  }

  @Test(
    "A Parallels image is refused as a raw disk", arguments: Ends.toFile,
    [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic])
  func imageAsRaw(ends: Ends, magic: String) throws {
    try folder.write(HandMadeImage(magic, places: [0]).file, to: "in")
    let outcome = try folder.convert(.raw2prl, from: "in", to: "out", over: ends)
    expectError(outcome, saying: ["Parallels image"])
    #expect(outcome.standardError.contains("--input-format raw"), "\(outcome)")
    #expect(folder.names == ["in"])
  }

  @Test("A Parallels image is converted as data when asked", arguments: Exhaustive.ends)
  func forcedRaw(ends: Ends) throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "in")
    expectSilentSuccess(try folder.convert(.raw2prl, "--input-format raw", from: "in", to: "there", over: ends))
    expectSilentSuccess(try folder.convert(.prl2raw, from: "there", to: "back", over: ends))
    #expect(try folder.difference("in", "back") == nil)
  }

  @Test(
    "A disk that only begins like an image is raw",
    arguments: ["WithoutFreeSpac", "WithouFreSpacEx", "withoutfreespace"])
  func almostImage(start: String) throws {
    try folder.write(Array(start.utf8) + [UInt8](repeating: 0, count: 512 - start.utf8.count), to: "in")
    expectSilentSuccess(try folder.convert(.raw2prl, from: "in", to: "out"))
  }

  @Test("A raw disk is refused as a Parallels image", arguments: Ends.toFile)
  func rawAsImage(ends: Ends) throws {
    try folder.write(SparseDisk(numberedMegabytes: 1), to: "in")
    expectError(
      try folder.convert(.prl2raw, from: "in", to: "out", over: ends), saying: ["not a Parallels image"])
    #expect(folder.names == ["in"])
  }

  @Test(
    "A compressed Parallels image is refused", .enabled(if: Tools.gzip, "needs gzip"), arguments: Ends.toFile,
    ["", "--salvage"])
  func compressedImage(ends: Ends, options: String) throws {
    try folder.write(HandMadeImage(places: [0, 1]).file, to: "image.hds")
    try Shell.prepare("gzip image.hds", in: folder)
    let outcome = try folder.convert(.prl2raw, options, from: "image.hds.gz", to: "out", over: ends)
    expectError(outcome, saying: ["gzip"])
    #expect(folder.names == ["image.hds.gz"])
  }

  @Test("An odd length gives a warning", arguments: Exhaustive.ends, Exhaustive.cases([1, 511, 513, 1000, 1_048_577]))
  func oddLength(ends: Ends, byteCount: Int) throws {
    try folder.write(Filling.cluster(1, byteCount: byteCount), to: "in")
    let outcome = try folder.convert(.raw2prl, from: "in", to: "out", over: ends)
    #expect(outcome.ending == .status(0) && outcome.messages.count == 1, "\(outcome)")
    let missing = 512 - byteCount % 512
    #expect(outcome.standardError.hasPrefix("prlconv: warning: '"), "\(outcome)")
    #expect(outcome.standardError.contains("\(byteCount)"), "\(outcome)")
    #expect(
      outcome.standardError.hasSuffix("padded with \(missing) zero byte\(missing == 1 ? "" : "s")\n"), "\(outcome)")
  }
}
