import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The format extension and its feature sections")
struct FormatExtensionTests {
  /// Two sections in a cluster of 512 bytes: 24 bytes of head each, 21 and 8 bytes of data.
  static let sample = FormatExtension(sections: [
    FeatureSection(magic: 0x1122_3344_5566_7788, flags: .necessary, data: [UInt8](1...21)),
    FeatureSection(magic: 0x99, flags: .transit, data: [UInt8](31...38)),
  ])
  static let clusterByteCount = 512
  /// What no reader looks at: the padding of heads and data, and everything after the end.
  static let ignored: [Range<Int>] = [44..<48, 69..<72, 92..<96, 128..<512]

  @Test("What is written is read again", arguments: 0..<20)
  func roundTrip(round: Int) throws {
    var random = SeededRandom("extension sections", round)
    let sections = (0..<Int.random(in: 0...6, using: &random)).map { _ in
      FeatureSection(
        magic: UInt64.random(in: 1...UInt64.max, using: &random), flags: .init(rawValue: random.next()),
        data: Filling.random(Int.random(in: 0...90, using: &random), using: &random))
    }
    let made = FormatExtension(sections: sections)
    let bytes = try made.encoded(clusterByteCount: 1024)
    #expect(bytes.count == 1024)
    #expect(try read(bytes) == made)
  }

  @Test("The flags are kept, even unknown ones", arguments: [0, 1, 2, 3, 1 << 63 | 4] as [UInt64])
  func flags(rawValue: UInt64) throws {
    let section = FeatureSection(magic: 7, flags: .init(rawValue: rawValue), data: [1])
    let found = try #require(try read(FormatExtension(sections: [section]).encoded(clusterByteCount: 512)))
    let flags = try #require(found.sections.first?.flags)
    #expect(flags.rawValue == rawValue)
    #expect(flags.contains(.necessary) == (rawValue & 1 != 0))
    #expect(flags.contains(.transit) == (rawValue & 2 != 0))
  }

  @Test("The fields have the places that the specification gives them")
  func places() throws {
    let bytes = try Self.sample.encoded(clusterByteCount: Self.clusterByteCount)
    var expected: [UInt8] = []
    expected.append(littleEndian: 0x1122_3344_5566_7788 as UInt64)
    expected.append(littleEndian: 1 as UInt64)
    expected.append(littleEndian: 21 as UInt32)
    expected += [0, 0, 0, 0] + [UInt8](1...21) + [0, 0, 0]
    expected.append(littleEndian: 0x99 as UInt64)
    expected.append(littleEndian: 2 as UInt64)
    expected.append(littleEndian: 8 as UInt32)
    expected += [0, 0, 0, 0] + [UInt8](31...38)
    expected += [UInt8](repeating: 0, count: Self.clusterByteCount - 24 - expected.count)
    #expect(Array(bytes[..<8]) == [0x87, 0xEA, 0xDC, 0x23, 0xEF, 0x4C, 0x23, 0xAB])
    #expect(Array(bytes[24...]) == expected)
  }

  /// The facts of an image that `prlctl` made: its MD5 is nobody's of this project.
  @Test("What Virtuozzo's tools wrote is written the same")
  func virtuozzo() throws {
    let id = try #require(BitmapID("e4f2eed0-37fe-4539-b50b-85d2e7fd235f"))
    let bitmap = DirtyBitmap(id: id, sectorCount: 134_217_728, granularitySectors: 128, l1Table: [2048])
    let bytes = try FormatExtension(sections: [bitmap.section]).encoded(clusterByteCount: 1 << 20)
    let digest = bytes[8..<24].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(digest == "7a52d838bc32657367b4f6b0e761f7ba")
    #expect(bytes.count == 1 << 20)
  }

  @Test("Every truncation ends inside the sections, or leaves all of them")
  func truncations() throws {
    let bytes = try Self.sample.encoded(clusterByteCount: Self.clusterByteCount)
    for count in 0...bytes.count {
      let found = parse(Array(bytes[..<count]))
      if count >= 128 {
        #expect(found == .success(Self.sample), "\(count) bytes")
      } else {
        let offset = count < 69 ? 24 : count < 104 ? 72 : 104
        #expect(found == .failure(.sectionTooLong(offset: offset)), "\(count) bytes")
      }
    }
  }

  @Test("Every single bit turned over breaks the seal")
  func sealedBitFlips() throws {
    let bytes = try Self.sample.encoded(clusterByteCount: Self.clusterByteCount)
    for bit in 0..<bytes.count * 8 {
      let flipped = bytes.flipping(bit)
      let magic = flipped.span.bytes.littleEndian(UInt64.self, at: 0)
      #expect(throws: bit < 64 ? ExtensionProblem.wrongMagic(magic) : .wrongChecksum, "bit \(bit)") {
        try read(flipped)
      }
    }
  }

  @Test("With the seal right again, every single bit turned over is read as it is, or refused")
  func bitFlips() throws {
    let bytes = try Self.sample.encoded(clusterByteCount: Self.clusterByteCount)
    for bit in 24 * 8..<bytes.count * 8 {
      let flipped = bytes.flipping(bit)
      let isIgnored = Self.ignored.contains { $0.contains(bit / 8) }
      switch parse(flipped) {
      case .failure(let problem):
        #expect(!isIgnored && !problem.description.isEmpty, "bit \(bit): \(problem)")
      case .success(let found):
        #expect((found == Self.sample) == isIgnored, "bit \(bit)")
      }
    }
  }

  @Test(
    "A list that is ended by anything but zeros", arguments: [(8, 0), (8, 63), (16, 0), (16, 31), (20, 0), (20, 31)])
  func wrongEnd(offset: Int, bit: Int) throws {
    let bytes = try Self.sample.encoded(clusterByteCount: Self.clusterByteCount)
    #expect(parse(bytes.flipping((104 + offset) * 8 + bit)) == .failure(.wrongEnd(offset: 104)))
  }

  @Test("Sections up to the last byte of the cluster have no end")
  func noRoomForTheEnd() throws {
    let full = FeatureSection(magic: 5, data: [UInt8](repeating: 1, count: 512 - 48))
    #expect(parse([UInt8](repeating: 0, count: 24) + full.encoded) == .failure(.sectionTooLong(offset: 512)))
  }

  @Test("Sections that do not fit the cluster with their end are not written", arguments: [440, 441])
  func limit(dataByteCount: Int) throws {
    let made = FormatExtension(sections: [FeatureSection(magic: 5, data: .init(repeating: 1, count: dataByteCount))])
    if dataByteCount == 440 {
      #expect(try read(made.encoded(clusterByteCount: 512)) == made)
    } else {
      #expect(throws: ExtensionProblem.tooLong(byteCount: 520, clusterByteCount: 512)) {
        try made.encoded(clusterByteCount: 512)
      }
    }
  }

  /// Reads a cluster as one of a file, magic and MD5 and all.
  private func read(_ bytes: [UInt8]) throws -> FormatExtension? {
    var header = try Header.sample(sectorsPerCluster: 1, clusters: 8)
    header.sectorsPerCluster = UInt32(bytes.count / 512)
    header.extensionOffsetSectors = UInt64(header.sectorsPerCluster)
    var cluster = ExtensionCluster(header: header)
    cluster?.feed(bytes.span.bytes, at: UInt64(bytes.count))
    return try cluster?.finish(fileByteCount: UInt64(2 * bytes.count))
  }

  /// Reads the sections alone.
  private func parse(_ bytes: [UInt8]) -> Result<FormatExtension, ExtensionProblem> {
    do throws(ExtensionProblem) {
      return .success(try FormatExtension(parsing: bytes.span.bytes))
    } catch {
      return .failure(error)
    }
  }
}
