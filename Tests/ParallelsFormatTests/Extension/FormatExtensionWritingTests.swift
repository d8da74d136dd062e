import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The format extension as it is written")
struct FormatExtensionWritingTests {
  private static let unknown: UInt64 = 0x1122_3344_5566_7788

  private let bitmap: DirtyBitmap
  private let other: DirtyBitmap

  init() throws {
    bitmap = DirtyBitmap(
      id: try #require(BitmapID("00112233-4455-6677-8899-aabbccddeeff")), sectorCount: 4096, granularitySectors: 128,
      l1Table: [1])
    other = DirtyBitmap(
      id: try #require(BitmapID("ffeeddcc-bbaa-9988-7766-554433221100")), sectorCount: 4096, granularitySectors: 8,
      l1Table: [0, 2048])
  }

  private func feature(_ flags: FeatureSection.Flags, _ data: [UInt8] = [1, 2, 3]) -> FeatureSection {
    FeatureSection(magic: Self.unknown, flags: flags, data: data)
  }

  @Test("An unknown feature with TRANSIT stays as it is", arguments: [2, 6, 0x8000_0000_0000_0002] as [UInt64])
  func transit(flags: UInt64) throws {
    let kept = feature(.init(rawValue: flags))
    let old = FormatExtension(sections: [bitmap.section, kept])
    #expect(try old.rewritten(with: [other]).sections == [other.section, kept])
  }

  @Test("An unknown feature without a flag goes", arguments: [0, 4, 1 << 63] as [UInt64])
  func noFlag(flags: UInt64) throws {
    let old = FormatExtension(sections: [feature(.init(rawValue: flags)), bitmap.section])
    #expect(try old.rewritten(with: [other]).sections == [other.section])
  }

  @Test("An unknown feature with NECESSARY forbids changes", arguments: [1, 3] as [UInt64])
  func necessary(flags: UInt64) {
    let old = FormatExtension(sections: [bitmap.section, feature(.transit), feature(.init(rawValue: flags))])
    #expect(throws: ExtensionProblem.necessaryFeature(magic: Self.unknown)) { try old.rewritten(with: []) }
  }

  @Test("The flags of a bitmap, which is known, forbid nothing", arguments: [1, 2, 3] as [UInt64])
  func knownFeature(flags: UInt64) throws {
    var section = bitmap.section
    section.flags = .init(rawValue: flags)
    #expect(try FormatExtension(sections: [section]).rewritten(with: [other]).sections == [other.section])
  }

  @Test("Old bitmaps go, new ones come in their order, and unknown features keep theirs")
  func order() throws {
    let features = (0..<3).map { feature(.transit, [$0]) }
    let old = FormatExtension(sections: [features[0], bitmap.section, features[1], feature([]), features[2]])
    #expect(try old.rewritten(with: [other, bitmap]).sections == [other.section, bitmap.section] + features)
    #expect(try old.rewritten(with: []).sections == features)
  }

  @Test("Its start has the MD5 of the whole cluster", arguments: [512, 4096, 63 * 512, 1 << 20, 4 << 20])
  func digest(clusterByteCount size: Int) throws {
    let sections = [bitmap.section, feature(.transit, [1, 2, 3]), other.section]
    let start = try FormatExtension(sections: sections).encodedStart(clusterByteCount: UInt64(size))
    let whole = try HandMadeExtension(
      sections.map { .init(magic: $0.magic, flags: $0.flags.rawValue, data: $0.data) }
    ).cluster(byteCount: size)
    #expect(start + [UInt8](repeating: 0, count: size - start.count) == whole)
  }

  @Test("An extension without features is still a cluster")
  func empty() throws {
    let start = try FormatExtension(sections: []).encodedStart(clusterByteCount: 512)
    let whole = try HandMadeExtension([]).cluster(byteCount: 512)
    #expect(start + [UInt8](repeating: 0, count: 512 - start.count) == whole)
  }

  /// Magic and MD5, the head of the section, its data, and the end: 24 bytes each but for the data.
  @Test("It fills a cluster to its end, and no more", arguments: [(440, 512), (439, 512), (433, 512), (432, 504)])
  func room(dataByteCount: Int, byteCount: UInt64) throws {
    let made = FormatExtension(sections: [feature(.transit, .init(repeating: 9, count: dataByteCount))])
    #expect(try made.encodedStart(clusterByteCount: byteCount).count == Int(byteCount))
    #expect(throws: ExtensionProblem.tooLong(byteCount: byteCount, clusterByteCount: byteCount - 8)) {
      try made.encodedStart(clusterByteCount: byteCount - 8)
    }
  }
}
