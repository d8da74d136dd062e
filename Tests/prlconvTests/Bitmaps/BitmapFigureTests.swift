import Foundation
import TestSupport
import Testing

@Suite("The bits of dirty bitmaps, as info counts them")
struct BitmapFigureTests {
  let folder = TemporaryFolder()

  private func bitmaps(of file: SparseDisk) throws -> [[String: Any]] {
    try folder.write(file, to: "image.hds")
    let report = try folder.json("info")
    expectSilentSuccess(report.outcome)
    let data = try #require(try report.inner("format-specific")["data"] as? [String: Any])
    return try #require(data["bitmaps"] as? [[String: Any]])
  }

  /// The disk's bytes that bits mark, and their runs, counted bit by bit.
  private func figures(_ bits: Set<Int>, sectorCount: Int, granularity: Int) -> (byteCount: Int, runCount: Int) {
    let bitCount = (sectorCount + granularity - 1) / granularity
    let marked = bits.filter { $0 < bitCount }
    let sectors = marked.reduce(0) { $0 + min(($1 + 1) * granularity, sectorCount) - $1 * granularity }
    return (sectors * 512, marked.filter { !marked.contains($0 - 1) }.count)
  }

  /// What Virtuozzo's `prlctl` made, field by field: the MD5 and the bits are not of our making.
  @Test("A bitmap of Virtuozzo's own tools is understood")
  func virtuozzo() throws {
    var image = HandMadeImage(clusterByteCount: 1 << 20, places: [Int?](repeating: nil, count: 65_536))
    image.cylinders = 262_144
    let bits = [5, 6, 10, 11, 12, 30]
    #expect(image.appendCluster(HandMadeBitmap.bytes(settingBits: bits, byteCount: 4)) == 2048)
    var bitmap = HandMadeBitmap(sectorCount: 134_217_728, granularity: 128, l1Table: [2048])
    bitmap.id = BitmapFigureTests.bytes("e4f2eed037fe4539b50b85d2e7fd235f")
    var made = HandMadeExtension(bitmaps: [bitmap])
    made.digest = BitmapFigureTests.bytes("7a52d838bc32657367b4f6b0e761f7ba")
    try image.append(made)
    #expect(image.extensionOffset == 4096)
    let found = try #require(try bitmaps(of: image.file).first)
    #expect(found["id"] as? String == "e4f2eed0-37fe-4539-b50b-85d2e7fd235f")
    #expect(found["granularity"] as? Int == 64 << 10 && found["size"] as? Int == 64 << 30)
    #expect(found["dirty-bytes"] as? Int == 6 * 64 << 10 && found["dirty-extents"] as? Int == 3)
    #expect(found["state"] as? String == "valid" && found["problem"] is NSNull)
    expectSilentSuccess(try folder.report("check"))
  }

  private static func bytes(_ digits: String) -> [UInt8] {
    stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
  }

  /// Chunks of all zeros, of all ones and of bits; what comes after the last bit may be anything.
  @Test(
    "Bits of any pattern are counted, and the chunks of zeros and ones that are not stored",
    arguments: CheckFigureTests.magics, Exhaustive.cases(0..<8))
  func anyBits(magic: String, index: Int) throws {
    var generator = SeededRandom("bits of bitmaps", index)
    let size = [512, 1024, 2048][index % 3]
    let granularity = 1 << Int.random(in: 0...4, using: &generator)
    let sectorCount = Int.random(in: 1...4 * size * 8 * granularity, using: &generator)
    let chunkCount = (sectorCount + granularity * size * 8 - 1) / (granularity * size * 8)
    let clusters = (sectorCount + size / 512 - 1) / (size / 512)
    var image = HandMadeImage(
      magic, clusterByteCount: size, places: [Int?](repeating: nil, count: clusters), sectorCount: sectorCount)
    var bits: Set<Int> = []
    var l1Table: [UInt64] = []
    for chunk in 0..<chunkCount {
      let range = chunk * size * 8..<(chunk + 1) * size * 8
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: l1Table.append(0)
      case 1:
        l1Table.append(1)
        bits.formUnion(range)
      case 2:
        let runs = (0..<5).flatMap { _ in
          let start = Int.random(in: range, using: &generator)
          return start..<min(range.upperBound, start + Int.random(in: 1...300, using: &generator))
        }
        bits.formUnion(runs)
        l1Table.append(image.appendCluster(Self.bits(runs, of: range)))
      default:
        let some = range.filter { _ in Bool.random(using: &generator) }
        bits.formUnion(some)
        l1Table.append(image.appendCluster(Self.bits(some, of: range)))
      }
    }
    let bitmap = HandMadeBitmap(sectorCount: UInt64(sectorCount), granularity: UInt32(granularity), l1Table: l1Table)
    try image.append(HandMadeExtension(bitmaps: [bitmap]))
    let found = try #require(try bitmaps(of: image.file).first)
    let expected = figures(bits, sectorCount: sectorCount, granularity: granularity)
    #expect(found["dirty-bytes"] as? Int == expected.byteCount, "\(l1Table), \(sectorCount) by \(granularity)")
    #expect(found["dirty-extents"] as? Int == expected.runCount, "\(l1Table), \(sectorCount) by \(granularity)")
    #expect(found["state"] as? String == "valid")
  }

  private static func bits(_ bits: [Int], of range: Range<Int>) -> [UInt8] {
    HandMadeBitmap.bytes(settingBits: bits.map { $0 - range.lowerBound }, byteCount: range.count / 8)
  }

  /// A chunk of more bits than are read at a time.
  @Test("A run that crosses from one piece to the next is one run")
  func runAcrossPieces() throws {
    let size = 2 << 20
    var image = HandMadeImage(clusterByteCount: size, places: [Int?](repeating: nil, count: 4096))
    // The first 512 KiB of bits end inside the run.
    let bits = (4 << 20) - 100..<(4 << 20) + 50
    let sector = image.appendCluster(HandMadeBitmap.bytes(settingBits: bits, byteCount: size))
    let bitmap = HandMadeBitmap(sectorCount: UInt64(4096 * size / 512), granularity: 1, l1Table: [sector])
    try image.append(HandMadeExtension(bitmaps: [bitmap]))
    let found = try #require(try bitmaps(of: image.file).first)
    #expect(found["dirty-bytes"] as? Int == 150 * 512 && found["dirty-extents"] as? Int == 1)
  }

  @Test(
    "The state is that of the image",
    arguments: [(HandMadeImage.closed, "valid"), (0, "stale"), (HandMadeImage.open, "stale"), (7, "stale")])
  func state(inUse: UInt32, state: String) throws {
    var parts = try DamagedExtension.sound()
    parts.bitmaps[1].granularity = 3
    try parts.image.append(HandMadeExtension(bitmaps: parts.bitmaps))
    parts.image.inUse = inUse
    let found = try bitmaps(of: parts.image.file)
    #expect(found.map { $0["state"] as? String } == [state, "damaged"])
    #expect(found.map { $0["dirty-bytes"] as? Int } == [3 * 512, nil])
    #expect(found[0]["problem"] is NSNull && found[1]["problem"] is String)
    let text = try folder.report("info").printed
    #expect(text.contains("format extension: at byte 7168, \(state)\n"), "\(text)")
  }

  @Test("A damaged bitmap is reported and not counted", arguments: DamagedExtension.broken)
  func damaged(damage: DamagedExtension) throws {
    let found = try bitmaps(of: damage.image().file)
    let damaged = found.filter { $0["state"] as? String == "damaged" }
    for bitmap in damaged { #expect(bitmap["problem"] is String && bitmap["dirty-bytes"] is NSNull) }
    #expect(damaged.count == damage.damagedBitmapCount)
    let isReadable = ["extension-shared", "extension-before-data"].contains(damage.kind)
    #expect(found.isEmpty == (damage.kind.hasPrefix("extension-") && !isReadable))
  }

  @Test("A bitmap without a table marks nothing")
  func noTable() throws {
    var image = DamagedImage.sound()
    try image.append(HandMadeExtension(bitmaps: [.init(sectorCount: 9, granularity: 1, l1Table: [])]))
    let found = try #require(try bitmaps(of: image.file).first)
    #expect(found["dirty-bytes"] as? Int == 0 && found["dirty-extents"] as? Int == 0)
  }

  /// As many chunks as 2⁴² are clean because none of them is there: looking at each would take days.
  @Test("The largest disk without a table is reported at once")
  func noTableOfLargestDisk() throws {
    let sectorCount = (UInt64(1) << 54) - 1
    var image = HandMadeImage(clusterByteCount: 512, places: [])
    image.sectorCount = sectorCount
    try image.append(HandMadeExtension(bitmaps: [.init(sectorCount: sectorCount, granularity: 1, l1Table: [])]))
    try folder.write(image.file, to: "image.hds")
    let outcome = try Shell.run(#""$PRLCONV" info --output json image.hds"#, in: folder, atMost: 60)
    #expect(outcome.ending == .status(0) && outcome.printed.contains("\"dirty-bytes\":0,"), "\(outcome)")
  }
}
