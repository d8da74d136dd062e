import TestSupport
import Testing

@Suite("An older copy becomes the disk where a dirty bitmap says so, and stays as it is elsewhere")
struct BitmapRefreshTests {
  let folder = TemporaryFolder()

  @Test("Only marked bytes are written", arguments: Exhaustive.cases(0..<25))
  func markedBytes(index: Int) throws {
    try folder.write(AgedCopy.random("refreshes", index))
    for options in ["-T1", "-T2", "-T5", "-S 0", "-f -S 512", "--sync"] {
      expectSilentSuccess(try folder.refresh(options))
      try folder.expectRefreshed("copy.img", "\(options)")
      try Shell.prepare("rm copy.img", in: folder)
    }
    #expect(folder.names == ["expected.img", "image.hds", "old.img"])
  }

  /// A cluster of 512 bytes has 4096 bits.
  @Test(
    "Chunks of zeros, of ones and of bits are followed",
    arguments: [[4096..<9000], [0..<4096, 8192..<9000], [4095..<4097, 8191..<8192, 8999..<9000], []])
  func chunks(marked: [Range<Int>]) throws {
    let places = (0..<9000).map { $0 % 50 == 49 ? $0 / 50 : nil }
    let blocks = DirtyBlocks(diskByteCount: 9000 * 512, granularity: 512, marking: marked.joined())
    let disk = HandMadeImage.disk(clusterByteCount: 512, places: places)
    try folder.write(AgedCopy(HandMadeImage(clusterByteCount: 512, places: places), disk: disk, blocks: blocks))
    expectSilentSuccess(try folder.refresh())
    try folder.expectRefreshed()
  }

  @Test("Of several bitmaps, the one that is named counts")
  func namedBitmap() throws {
    let second = DirtyBlocks(diskByteCount: 17 * 512, granularity: 512, marking: [1, 2, 16])
    var aged = try AgedCopy { image in
      let first = DirtyBlocks(diskByteCount: 17 * 512, granularity: 1024, marking: [0])
      try image.appendBitmaps([first, second])
    }
    aged.blocks = second
    try folder.write(aged)
    expectSilentSuccess(try folder.refresh(bitmap: HandMadeBitmap.name(2)))
    try folder.expectRefreshed()
  }

  @Test("A bitmap that is not there is refused", arguments: ["ABC", "00000000-0000-0000-0000-000000000000", "''"])
  func missingBitmap(name: String) throws {
    try folder.write(AgedCopy { try $0.appendBitmaps([.init(diskByteCount: 17 * 512, granularity: 512)]) })
    expectError(try folder.refresh(bitmap: name), saying: ["'image.hds'", HandMadeBitmap.name()])
    #expect(try folder.difference("old.img", "copy.img") == nil)
  }

  @Test("The image may be redirected")
  func redirectedImage() throws {
    try folder.write(AgedCopy.random("redirected image", 1))
    try Shell.prepare("cp old.img copy.img", in: folder)
    let script = #""$PRLCONV" prl2raw --bitmap \#(HandMadeBitmap.name()) -o copy.img < image.hds"#
    expectSilentSuccess(try Shell.run(script, in: folder))
    try folder.expectRefreshed()
  }

  @Test("The image is only read")
  func readOnlyImage() throws {
    try folder.write(AgedCopy.random("only read", 1))
    try Shell.prepare("cp -a image.hds before; chmod 400 image.hds", in: folder)
    expectSilentSuccess(try folder.refresh())
    #expect(try folder.difference("image.hds", "before") == nil)
    #expect(try Shell.run("test ! image.hds -nt before", in: folder).isSuccess)
  }

  @Test("A second run writes the same")
  func runAgain() throws {
    try folder.write(AgedCopy.random("again", 2))
    for _ in 0..<2 { expectSilentSuccess(try folder.refresh()) }
    try folder.expectRefreshed()
  }

  @Test("A clean bitmap writes nothing")
  func cleanBitmap() throws {
    var aged = try AgedCopy { try $0.appendBitmaps([.init(diskByteCount: 17 * 512, granularity: 512)]) }
    aged.blocks = DirtyBlocks(diskByteCount: 17 * 512, granularity: 512)
    try folder.write(aged)
    let outcome = try folder.refresh("--stats json")
    #expect(outcome.isSuccess && outcome.standardError.contains(#""bytes-written":0,"#), "\(outcome)")
    try folder.expectRefreshed()
  }

  @Test("What is written is what is marked")
  func marks() throws {
    let aged = try AgedCopy.random("figures", 3)
    try folder.write(aged)
    let marked = aged.blocks.dirtyRanges.reduce(0) { $0 + $1.count }
    let outcome = try folder.refresh("-S 0 --stats json")
    #expect(outcome.isSuccess && outcome.standardError.contains(#""bytes-written":\#(marked),"#), "\(outcome)")
  }

  @Test(
    "Marked zeros become holes", .enabled(if: Tools.holes, "needs a file system with holes"), arguments: [false, true])
  func markedZeros(areStored: Bool) throws {
    let places: [Int?] = [areStored ? 0 : nil, areStored ? 1 : nil, 2]
    var image = HandMadeImage(clusterByteCount: 1 << 20, places: places)
    var disk = HandMadeImage.disk(clusterByteCount: 1 << 20, places: places)
    if areStored { image.contents.putZeros(1 << 20..<3 << 20) }
    disk.putZeros(0..<2 << 20)
    let blocks = DirtyBlocks(diskByteCount: 3 << 20, granularity: 1 << 20, allDirty: true)
    try folder.write(AgedCopy(image, disk: disk, blocks: blocks))
    try Shell.prepare("cp old.img copy.img; sync copy.img", in: folder)
    #expect(try folder.allocatedByteCount(of: "copy.img") >= 3 << 20)
    expectSilentSuccess(try folder.refresh("--sync"))
    try folder.expectRefreshed()
    #expect(try folder.allocatedByteCount(of: "copy.img") < 2 << 20)
    expectSilentSuccess(try folder.refresh("--sync -S 0"))
    try folder.expectRefreshed()
    #expect(try folder.allocatedByteCount(of: "copy.img") >= 3 << 20)
  }
}
