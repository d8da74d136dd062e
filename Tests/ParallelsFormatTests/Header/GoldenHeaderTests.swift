import Testing

@testable import ParallelsFormat

@Suite("The 64 bytes of a header, laid out by hand")
struct GoldenHeaderTests {
  /// A disk of 10 MiB in clusters of 1 MiB, closed.
  static let extended: [UInt8] = [
    0x57, 0x69, 0x74, 0x68, 0x6F, 0x75, 0x46, 0x72,  // magic: "WithouFr"
    0x65, 0x53, 0x70, 0x61, 0x63, 0x45, 0x78, 0x74,  // "eSpacExt"
    0x02, 0x00, 0x00, 0x00,  // version: 2
    0x10, 0x00, 0x00, 0x00,  // heads: 16
    0x28, 0x00, 0x00, 0x00,  // cylinders: 40
    0x00, 0x08, 0x00, 0x00,  // tracks: 2048
    0x0A, 0x00, 0x00, 0x00,  // nb_bat_entries: 10
    0x00, 0x50, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // nb_sectors: 20480
    0x76, 0x32, 0x2E, 0x31,  // in_use: "v2.1"
    0x00, 0x08, 0x00, 0x00,  // data_off: 2048
    0x00, 0x00, 0x00, 0x00,  // flags: none
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // ext_off: 0
  ]

  /// A disk of one cylinder in clusters of 63 sectors, as an old writer leaves it: every field has its own bytes.
  static let legacy: [UInt8] = [
    0x57, 0x69, 0x74, 0x68, 0x6F, 0x75, 0x74, 0x46,  // magic: "WithoutF"
    0x72, 0x65, 0x65, 0x53, 0x70, 0x61, 0x63, 0x65,  // "reeSpace"
    0x02, 0x00, 0x00, 0x00,  // version: 2
    0x11, 0x12, 0x13, 0x14,  // heads: 0x14131211
    0x21, 0x22, 0x23, 0x24,  // cylinders: 0x24232221
    0x3F, 0x00, 0x00, 0x00,  // tracks: 63
    0x10, 0x00, 0x00, 0x00,  // nb_bat_entries: 16
    0xF0, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // nb_sectors: 1008
    0x70, 0x64, 0x31, 0x37,  // in_use: "pd17"
    0x41, 0x42, 0x43, 0x44,  // data_off: 0x44434241
    0x03, 0x00, 0x00, 0x80,  // flags: empty, conversion under way and one without a meaning
    0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,  // ext_off: 0x5857565554535251
  ]

  @Test("A closed image of 10 MiB is encoded to these bytes")
  func encodesExtended() throws {
    let geometry = try ImageGeometry(layout: .extended, clusterByteCount: 1 << 20, byteCount: 10 << 20)
    #expect(Header(geometry: geometry, inUse: .closed).encoded == Self.extended)
  }

  @Test("The legacy layout differs in the magic alone")
  func encodesLegacy() throws {
    let geometry = try ImageGeometry(layout: .legacy, clusterByteCount: 1 << 20, byteCount: 10 << 20)
    let expected = Array("WithoutFreeSpace".utf8) + Self.extended[16...]
    #expect(Header(geometry: geometry, inUse: .closed).encoded == expected)
  }

  @Test("The extended layout is parsed field by field")
  func parsesExtended() throws {
    let header = try Header(Self.extended)
    #expect(header.layout == .extended)
    #expect(header.heads == 16)
    #expect(header.cylinders == 40)
    #expect(header.sectorsPerCluster == 2048)
    #expect(header.batEntryCount == 10)
    #expect(header.sectorCount == 20480)
    #expect(header.inUse == .closed)
    #expect(header.dataOffsetSectors == 2048)
    #expect(header.flags.isEmpty)
    #expect(header.extensionOffsetSectors == 0)
  }

  @Test("The legacy layout is parsed field by field")
  func parsesLegacy() throws {
    let header = try Header(Self.legacy)
    #expect(header.layout == .legacy)
    #expect(header.heads == 0x1413_1211)
    #expect(header.cylinders == 0x2423_2221)
    #expect(header.sectorsPerCluster == 63)
    #expect(header.batEntryCount == 16)
    #expect(header.sectorCount == 1008)
    #expect(header.inUse == InUse(rawValue: 0x3731_6470))
    #expect(header.dataOffsetSectors == 0x4443_4241)
    #expect(header.flags == [.empty, .formatConversion, Header.Flags(rawValue: 0x8000_0000)])
    #expect(header.extensionOffsetSectors == 0x5857_5655_5453_5251)
  }

  @Test("What is parsed is encoded to the same bytes", arguments: [extended, legacy])
  func roundTrip(bytes: [UInt8]) throws {
    #expect(try Header(bytes).encoded == bytes)
  }

  @Test("An open image is marked so")
  func encodesOpen() throws {
    let geometry = try ImageGeometry(layout: .extended, clusterByteCount: 1 << 20, byteCount: 10 << 20)
    #expect(Header(geometry: geometry, inUse: .open).encoded[44..<48] == [0x59, 0x6E, 0x6F, 0x74])
  }

  @Test("What an image counts in sectors and clusters is given in bytes")
  func derivedCounts() throws {
    let header = try Header(Self.legacy)
    #expect(header.clusterByteCount == 32256)
    #expect(header.virtualByteCount == 516_096)
    #expect(header.clusterCount == 16)
    #expect(header.tableEndByteOffset == 64 + 4 * 16)
  }

  @Test("An entry counts sectors in the legacy layout, clusters in the extended one")
  func entryUnits() throws {
    #expect(try Header(Self.legacy).hostByteOffset(ofEntry: 3) == 3 * 512)
    #expect(try Header(Self.extended).hostByteOffset(ofEntry: 3) == 3 << 20)
  }
}
