import TestSupport
import Testing

@Suite("An image that is cut after any of its bytes")
struct TruncationTests {
  let folder = TemporaryFolder()

  /// Header and BAT take one cluster of 512 bytes, and clusters follow out of order.
  static let places: [Int?] = [1, nil, 0, 2, nil]

  /// Every length in the header and the BAT, and around the borders of clusters; between, one in 41.
  static let lengths = Exhaustive.cases(
    (0..<2048).filter { $0 < 96 || ($0 + 3) % 512 < 6 || $0 % 41 == 0 },
    brief: [0, 1, 15, 16, 63, 64, 83, 84, 511, 512, 1023, 1535, 2047])

  /// Every byte of this image belongs to header, BAT or disk, so none may be missing.
  @Test("It is refused wherever it is cut", arguments: Exhaustive.filesAndPipes)
  func refused(ends: Ends) throws {
    try expectRefusals(of: HandMadeImage.extendedMagic, lengths: Self.lengths, over: ends)
  }

  @Test("It is refused wherever it is cut in the legacy layout", arguments: Ends.toFile)
  func legacy(ends: Ends) throws {
    try expectRefusals(of: HandMadeImage.legacyMagic, lengths: Self.lengths.filter { $0 >= 80 }, over: ends)
  }

  private func expectRefusals(of magic: String, lengths: [Int], over ends: Ends) throws {
    try folder.write(HandMadeImage(magic, clusterByteCount: 512, places: Self.places).file, to: "whole.hds")
    let convert = ends.script(.prl2raw, "", from: "cut.hds", to: "out.img")
    // One shell for all of them: a length, the exit status and whether there is an output.
    let script = """
      for length in \(lengths.map(String.init).joined(separator: " ")); do
        head -c $length whole.hds > cut.hds
        { \(convert); } 2> messages
        echo $length $? $(ls out.img 2> /dev/null) $(grep -c '^prlconv: error: ' messages)
        rm -f out.img
      done
      """
    let outcome = try Shell.run(script, in: folder)
    let found = outcome.printed.split(separator: "\n").map(String.init)
    let output = ends.makesFile ? "" : "out.img "
    #expect(found == lengths.map { "\($0) 1 \(output)1" })
  }

  @Test("It is read when only bytes after the disk are missing", arguments: Exhaustive.filesAndPipes)
  func onlyTail(ends: Ends) throws {
    let image = HandMadeImage(clusterByteCount: 4096, places: [0, 1], sectorCount: 9)
    try folder.write(HandMadeImage.disk(clusterByteCount: 4096, places: [0, 1], sectorCount: 9), to: "expected.img")
    for length in Exhaustive.cases([8192 + 512, 8192 + 513, 8192 + 4000, 8192 + 4095, 8192 + 4096]) {
      var file = image.file
      file.resize(to: length)
      try folder.write(file, to: "image.hds")
      expectSilentSuccess(try folder.convert(.prl2raw, "-f", from: "image.hds", to: "out.img", over: ends), "\(length)")
      #expect(try folder.difference("out.img", "expected.img") == nil, "\(length)")
    }
  }
}
