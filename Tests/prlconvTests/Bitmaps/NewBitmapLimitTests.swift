import TestSupport
import Testing

@Suite("New bitmaps whose tables are as large as can be, or larger than expected")
struct NewBitmapLimitTests {
  /// 512 bytes less 24 before the sections, 24 at their end, and 56 before the table: 51 entries of 4096 bits.
  static let largestByteCount = 51 * 4096 * 512

  let folder = TemporaryFolder()

  private let options = "-q -f --cluster-size 512 --new-bitmap \(NewBitmapTests.id) --bitmap-granularity"

  private func run(_ command: String) throws -> Outcome { try Shell.run(command, in: folder) }

  @Test("A table that fills its cluster is written", arguments: Exhaustive.ends)
  func fullCluster(ends: Ends) throws {
    try folder.write(SparseDisk(byteCount: Self.largestByteCount), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, "\(options) 512", from: "disk.img", to: "out.hds", over: ends))
    #expect(try folder.runs(of: "out.hds", bitmap: NewBitmapTests.id).map(\.range) == [0..<Self.largestByteCount])
  }

  @Test("A larger table is refused", arguments: Exhaustive.ends)
  func tooLarge(ends: Ends) throws {
    try folder.write(SparseDisk(byteCount: Self.largestByteCount + 512), to: "disk.img")
    let outcome = try folder.convert(.raw2prl, "\(options) 512", from: "disk.img", to: "out.hds", over: ends)
    expectError(outcome, saying: ["format extension", "520 bytes", "512"])
    #expect(try folder.names == ["disk.img"] || !ends.makesFile && folder.byteCount(of: "out.hds") == 0)
  }

  @Test("measure refuses it as well")
  func measured() throws {
    try folder.write(SparseDisk(byteCount: Self.largestByteCount + 512), to: "disk.img")
    let measure = #""$PRLCONV" measure --cluster-size 512 --new-bitmap \#(NewBitmapTests.id) --bitmap-granularity 512"#
    expectError(try run("\(measure) disk.img"), saying: ["format extension"])
    expectError(try run("\(measure) - < <(cat disk.img)"), saying: ["format extension"])
  }

  @Test("A larger granularity is a way out")
  func largerGranularity() throws {
    try folder.write(SparseDisk(byteCount: Self.largestByteCount + 512), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, "\(options) 1K", from: "disk.img", to: "out.hds"))
  }

  /// A pipe has no size: one cluster of 512 bytes has room for 112 entries, and the extension follows it.
  @Test(
    "The table of a disk from a pipe may outgrow its room",
    arguments: Exhaustive.cases([1, 111, 112, 113, 240, 241, 1000]), Exhaustive.cases([1, 2, 30]))
  func unknownSize(clusterCount: Int, share: Int) throws {
    var generator = SeededRandom("outgrown room with a bitmap", clusterCount)
    var disk = SparseDisk(byteCount: clusterCount * 512)
    for cluster in 0..<clusterCount where Int.random(in: 0..<share, using: &generator) == 0 {
      disk.put(Filling.random(512, using: &generator), at: cluster * 512)
    }
    try folder.write(disk, to: "disk.img")
    for ends in Ends.fromPipe {
      let outcome = try folder.convert(.raw2prl, "\(options) 4K", from: "disk.img", to: "out.hds", over: ends)
      expectSilentSuccess(outcome)
      expectSilentSuccess(try run(#""$PRLCONV" check out.hds"#))
      expectSilentSuccess(try folder.convert(.prl2raw, "-f", from: "out.hds", to: "back.img"))
      #expect(try folder.difference("disk.img", "back.img") == nil)
      #expect(
        try folder.runs(of: "out.hds", bitmap: NewBitmapTests.id) == [.init(0..<clusterCount * 512, isDirty: false)])
      let measure = #""$PRLCONV" measure --output json \#(options.replacing("-f", with: "")) 4K"#
      let measured = try run("cat disk.img | \(measure)")
      #expect(try measured.printed.hasPrefix(#"{"required":\#(folder.byteCount(of: "out.hds")),"#), "\(measured)")
    }
  }
}
