import TestSupport
import Testing

@testable import ParallelsFormat

/// A disk of 100,000 sectors in clusters of 512 bytes: with 8 sectors a bit, 12,500 bits, 1563 bytes, 4 chunks.
@Suite("Which bitmaps suit their image")
struct BitmapRuleTests {
  static let sectorCount: UInt64 = 100_000
  /// Header and table end at byte 400,064, so the first cluster after them is at sector 782.
  static let firstSector: UInt64 = 782
  static let fileByteCount = (firstSector + 10) * 512

  private static func bitmap(_ l1Table: [UInt64]) throws -> DirtyBitmap {
    let id = try #require(BitmapID("00112233-4455-6677-8899-aabbccddeeff"))
    return DirtyBitmap(id: id, sectorCount: sectorCount, granularitySectors: 8, l1Table: l1Table)
  }

  private static func header(_ layout: Layout = .extended) throws -> Header {
    try .sample(layout, sectorsPerCluster: 1, clusters: sectorCount)
  }

  private func problem(
    _ layout: Layout = .extended, l1Table: [UInt64] = [0, 1, 0, 1], fileByteCount: UInt64 = Self.fileByteCount,
    _ change: (inout DirtyBitmap) -> Void = { _ in }
  ) throws -> BitmapProblem? {
    var bitmap = try Self.bitmap(l1Table)
    change(&bitmap)
    return bitmap.problems(in: try Self.header(layout), fileByteCount: fileByteCount).first
  }

  @Test("Zeros, ones and places inside the file are right", arguments: Layout.allCases)
  func sound(layout: Layout) throws {
    #expect(try problem(layout, l1Table: [0, 1, Self.firstSector, Self.firstSector + 9]) == nil)
    #expect(try problem(layout, l1Table: [0, 0, 0, 0], fileByteCount: 0) == nil)
  }

  @Test("The size is that of the disk", arguments: [0, 99_999, 100_001, .max] as [UInt64])
  func size(sectors: UInt64) throws {
    let found = try problem { $0.sectorCount = sectors }
    #expect(found == .wrongSize(sectors: sectors, diskSectors: Self.sectorCount))
  }

  @Test("The granularity is a power of two", arguments: [0, 3, 7, 9, 0xFFFF_FFFF] as [UInt32])
  func granularity(sectors: UInt32) throws {
    #expect(try problem { $0.granularitySectors = sectors } == .wrongGranularity(sectors: sectors))
  }

  @Test("The table has an entry for each cluster of bits", arguments: [1, 3, 5, 9])
  func tableSize(count: Int) throws {
    let found = try problem(l1Table: .init(repeating: 0, count: count))
    #expect(found == .wrongTableSize(entries: count, expected: 4))
  }

  @Test(
    "A table that just holds the bits",
    arguments: [(100_000, 1, 25), (100_000, 16, 2), (65_536, 16, 1), (65_537, 16, 2), (1, 1 << 31, 1)])
  func exactTable(sectors: UInt64, granularity: UInt32, expected: Int) throws {
    let header = try Header.sample(sectorsPerCluster: 1, clusters: sectors)
    for count in max(1, expected - 1)...expected + 1 {
      var bitmap = try Self.bitmap(.init(repeating: 1, count: count))
      (bitmap.sectorCount, bitmap.granularitySectors) = (sectors, granularity)
      #expect(bitmap.problems(in: header, fileByteCount: 1 << 30).isEmpty == (count == expected), "\(count)")
    }
  }

  @Test("No table at all means that nothing is dirty")
  func noTable() throws {
    #expect(try problem(l1Table: []) == nil)
    #expect(try Self.bitmap([]).chunk(0) == .clean)
  }

  @Test("An empty disk has a bitmap without a table, and no other")
  func emptyDisk() throws {
    let header = try Header.sample(clusters: 0)
    var bitmap = try Self.bitmap([])
    bitmap.sectorCount = 0
    #expect(bitmap.problems(in: header, fileByteCount: 4096).isEmpty)
    bitmap.l1Table = [0]
    #expect(bitmap.problems(in: header, fileByteCount: 4096) == [.wrongTableSize(entries: 1, expected: 0)])
  }

  @Test("A place inside header and table", arguments: Layout.allCases, [2, 781] as [UInt64])
  func insideTable(layout: Layout, sectors: UInt64) throws {
    guard
      case .misplacedChunk(l1Index: 2, sectors: sectors, let reason) = try problem(
        layout, l1Table: [0, 1, sectors, 0])
    else {
      Issue.record("sector \(sectors) is taken for a place")
      return
    }
    #expect(reason.contains("400064"))
  }

  @Test("A place between two clusters is one in the legacy layout only", arguments: Layout.allCases)
  func unaligned(layout: Layout) throws {
    var header = try Header.sample(layout, sectorsPerCluster: 4, clusters: 16)
    header.sectorCount = 64
    var bitmap = try Self.bitmap([6])
    bitmap.sectorCount = 64
    let found = bitmap.problems(in: header, fileByteCount: 1 << 20)
    let expected = BitmapProblem.misplacedChunk(
      l1Index: 0, sectors: 6, reason: "not a multiple of the cluster size")
    #expect(found == (layout == .legacy ? [] : [expected]))
  }

  @Test("A place past the end, or past all files", arguments: [792, 1 << 53, 1 << 55, .max] as [UInt64])
  func pastEnd(sectors: UInt64) throws {
    guard case .misplacedChunk(l1Index: 1, sectors: sectors, _) = try problem(l1Table: [0, sectors, 1, 0]) else {
      Issue.record("sector \(sectors) is taken for a place")
      return
    }
  }

  @Test("The file may end after the last bit, and not before", arguments: [(0, 512), (3, 1563 - 3 * 512)])
  func lastCluster(index: Int, neededByteCount: UInt64) throws {
    var l1Table: [UInt64] = [0, 0, 0, 0]
    l1Table[index] = Self.firstSector
    let end = Self.firstSector * 512 + neededByteCount
    #expect(try problem(l1Table: l1Table, fileByteCount: end) == nil)
    guard case .misplacedChunk(l1Index: index, _, _) = try problem(l1Table: l1Table, fileByteCount: end - 1) else {
      Issue.record("a bit after the end of the file is read as 1")
      return
    }
  }

  @Test("Every single bit of a bitmap turned over gives a problem or none", arguments: Layout.allCases)
  func bitFlips(layout: Layout) throws {
    let header = try Self.header(layout)
    let data = try Self.bitmap([0, 1, Self.firstSector, Self.firstSector + 1]).section.data
    var soundCount = 0
    for bit in 0..<data.count * 8 {
      let sections = [FeatureSection(magic: DirtyBitmap.magic, data: data.flipping(bit))]
      let found = FormatExtension(sections: sections).bitmaps(in: header, fileByteCount: Self.fileByteCount)
      try #require(found.count == 1)
      // The third bit of the table's length alone leaves a table of no entries.
      if 8..<24 ~= bit / 8 || bit == 28 * 8 + 2 {
        #expect(found[0].problem == nil, "bit \(bit)")
      } else if bit / 8 < 32 {
        #expect(found[0].problem != nil, "bit \(bit)")
      }
      if let problem = found[0].problem { #expect(!problem.description.isEmpty) } else { soundCount += 1 }
    }
    #expect(soundCount >= 128)
  }
}

@Suite("The bitmaps of an extension, all of them")
struct ExtensionBitmapsTests {
  private static func section(_ id: String, sectors: UInt64 = 32) throws -> FeatureSection {
    let id = try #require(BitmapID(id))
    return DirtyBitmap(id: id, sectorCount: sectors, granularitySectors: 8, l1Table: [0]).section
  }

  static let first = "00000000-0000-0000-0000-000000000001"
  static let second = "00000000-0000-0000-0000-000000000002"

  @Test("A damaged one does not harm the others, and an id is an earlier one's once")
  func independence() throws {
    let sections = try [
      Self.section(Self.first), FeatureSection(magic: DirtyBitmap.magic, data: [1, 2, 3]),
      Self.section(Self.second, sectors: 33), Self.section(Self.first), Self.section(Self.second),
    ]
    let found = FormatExtension(sections: sections).bitmaps(in: try .sample(clusters: 4), fileByteCount: 1 << 20)
    #expect(
      found.map(\.problem) == [
        nil, .truncated(byteCount: 3), .wrongSize(sectors: 33, diskSectors: 32), .sameID, .sameID,
      ])
    #expect(found.map { $0.bitmap?.id.description } == [Self.first, nil, Self.second, Self.first, Self.second])
  }

  /// In clusters of 4096 bytes: a table of 4 entries, of 100 clusters at most.
  private static func problems(_ layout: Layout, l1Tables: [[UInt64]]) throws -> [BitmapProblem?] {
    let header = try Header.sample(layout, clusters: 4 * 8 * 4096)
    let sections = try l1Tables.enumerated().map { number, l1Table in
      let id = try #require(BitmapID("00000000-0000-0000-0000-00000000000\(number)"))
      return DirtyBitmap(id: id, sectorCount: header.sectorCount, granularitySectors: 8, l1Table: l1Table).section
    }
    return FormatExtension(sections: sections).bitmaps(in: header, fileByteCount: 4096 * 400).map(\.problem)
  }

  /// A hostile table would take hours to look at.
  @Test("A cluster of bits is that of one entry", arguments: Layout.allCases)
  func sharedClusters(layout: Layout) throws {
    let found = try Self.problems(
      layout, l1Tables: [[1600, 0, 1608, 1], [1616, 1624, 1, 1616], [0, 1632, 1608, 0], [0, 0, 1, 1640]])
    let expected: [BitmapProblem?] = [
      nil, .sharedChunk(l1Index: 3, sectors: 1616), .sharedChunk(l1Index: 2, sectors: 1608), nil,
    ]
    #expect(found == expected)
  }

  @Test("Clusters of bits overlap where they lie at any sector", arguments: [1593, 1600, 1607] as [UInt64])
  func overlappingClusters(sectors: UInt64) throws {
    let tables: [[UInt64]] = [[0, 1600, 0, 0], [0, 1592, 1608, 1], [1, 1, 1, sectors]]
    #expect(try Self.problems(.legacy, l1Tables: tables).map { $0 != nil } == [false, false, true])
  }

  @Test("What is unknown is reported with its flags, and bitmaps are counted among themselves")
  func problems() throws {
    let sections = try [
      FeatureSection(magic: 7, flags: .necessary, data: []), Self.section(Self.first),
      FeatureSection(magic: 8, flags: [.necessary, .transit], data: [1]), Self.section(Self.second, sectors: 1),
    ]
    let found = FormatExtension(sections: sections).problems(in: try .sample(clusters: 4), fileByteCount: 1 << 20)
    #expect(
      found == [
        .unknownFeature(magic: 7, flags: .necessary), .unknownFeature(magic: 8, flags: [.necessary, .transit]),
        .bitmap(index: 1, .wrongSize(sectors: 1, diskSectors: 32)),
      ])
  }
}
