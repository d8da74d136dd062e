import TestSupport
import Testing

@Suite(
  "map --bitmap reports what the test marked, and what qemu-nbd reports to a client",
  .enabled(if: Tools.nbd, "needs qemu-nbd and nbdinfo"))
struct DirtyMapOracleTests {
  let folder = TemporaryFolder()

  /// Makes an image of these bitmaps, and compares what all three say of each.
  private func expectAgreement(
    _ magic: String = HandMadeImage.extendedMagic, clusterByteCount size: Int, _ bitmaps: [DirtyBlocks],
    storesAll: Bool = false, junk: Bool = false
  ) throws {
    let sectors = bitmaps[0].diskByteCount / 512
    let places = [Int?](repeating: nil, count: (sectors * 512 + size - 1) / size)
    var image = HandMadeImage(magic, clusterByteCount: size, places: places, sectorCount: sectors)
    try image.appendBitmaps(bitmaps, storesAll: storesAll, junk: junk)
    try folder.write(image.file, to: "image.hds")
    for (index, blocks) in bitmaps.enumerated() {
      let name = HandMadeBitmap.name(UInt8(index + 1))
      let found = try folder.runs(of: "image.hds", bitmap: name)
      #expect(found == blocks.runs, "bitmap \(index)")
      #expect(try found == folder.runsByQemu(of: "image.hds", bitmap: name), "bitmap \(index)")
    }
  }

  @Test("Random bitmaps are reported alike", arguments: Exhaustive.cases(0..<12))
  func randomBitmaps(index: Int) throws {
    var generator = SeededRandom("bitmaps against qemu", index)
    let size = try #require([512, 1024, 4096, 63 * 512, 64 << 10].randomElement(using: &generator))
    let disk = Int.random(in: 1...3000 * size / 512, using: &generator) * 512
    let bitmaps = (0..<3).map { _ in
      // One bit for each sector at the finest; as many as fill some clusters of 512 bytes.
      let granularity = 512 << Int.random(in: 0...8, using: &generator)
      return DirtyBlocks.random(
        diskByteCount: disk, granularity: max(granularity, (disk / 20_000).roundedUpToPowerOfTwo), using: &generator)
    }
    try expectAgreement(
      index % 2 == 0 ? HandMadeImage.extendedMagic : HandMadeImage.legacyMagic, clusterByteCount: size, bitmaps,
      storesAll: Bool.random(using: &generator), junk: Bool.random(using: &generator))
  }

  /// A cluster of 512 bytes has 4096 bits.
  @Test(
    "Entries of zero, of one and of a cluster may follow each other",
    arguments: [
      [0..<0, 4096..<8192, 8192..<8193], [0..<4096, 8191..<8192, 8192..<9000], [4095..<4097, 8999..<9000],
      [4096..<9000],
    ])
  func entries(marked: [Range<Int>]) throws {
    let blocks = DirtyBlocks(diskByteCount: 9000 * 512, granularity: 512, marking: marked.joined())
    try expectAgreement(clusterByteCount: 512, [blocks])
  }

  @Test(
    "The last block and the last cluster may be cut", arguments: Exhaustive.cases([512, 1024, 64 << 10, 1 << 20]),
    Exhaustive.cases([1, 127, 128, 129, 2047, 2049]))
  func partOfBlock(granularity: Int, sectorCount: Int) throws {
    var blocks = DirtyBlocks(diskByteCount: sectorCount * 512, granularity: granularity)
    blocks.bits[blocks.bits.count - 1] = true
    try expectAgreement(clusterByteCount: 4096, [blocks])
  }

  @Test("Bits after the end of the disk are ignored", arguments: Exhaustive.cases([1, 7, 8, 9, 4095]))
  func bitsAfterEnd(blockCount: Int) throws {
    let disk = blockCount * 4096 - 512
    let clean = DirtyBlocks(diskByteCount: disk, granularity: 4096)
    let dirty = DirtyBlocks(diskByteCount: disk, granularity: 4096, marking: [blockCount - 1])
    try expectAgreement(clusterByteCount: 4096, [clean, dirty], storesAll: true, junk: true)
  }
}

extension Int {
  fileprivate var roundedUpToPowerOfTwo: Int {
    var power = 1
    while power < self { power *= 2 }
    return power
  }
}
