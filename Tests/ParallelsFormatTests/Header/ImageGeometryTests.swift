import Testing

@testable import ParallelsFormat

@Suite("The shape of an image to be written")
struct ImageGeometryTests {
  private static let largest = UInt64(FormatLimits.sectorsPerCluster) * 512

  @Test(
    "An empty disk has no entries and one cluster for the header",
    arguments: [512, 63 * 512, 1 << 20, largest] as [UInt64])
  func emptyDisk(clusterByteCount: UInt64) throws {
    let geometry = try ImageGeometry(layout: .extended, clusterByteCount: clusterByteCount, byteCount: 0)
    #expect(geometry.clusterCount == 0)
    #expect(geometry.sectorCount == 0)
    #expect(geometry.dataOffsetClusters == 1)
  }

  /// Entries that fit beside the header in one cluster: (cluster − 64) / 4.
  @Test(
    "Header and table take one cluster as long as they fit, then two",
    arguments: [(512, 112), (63 * 512, 8048), (252 << 10, 64_496), (1 << 20, 262_128), (largest, 535_824_240)]
      as [(UInt64, UInt64)])
  func dataOffset(clusterByteCount: UInt64, entries: UInt64) throws {
    let full = try extended(clusterByteCount, entries * clusterByteCount)
    #expect(full.clusterCount == entries)
    #expect(full.dataOffsetClusters == 1)
    #expect(try extended(clusterByteCount, entries * clusterByteCount + 1).dataOffsetClusters == 2)
  }

  @Test("A large table takes as many clusters as it needs")
  func longTable() throws {
    // 64 + 4 · 1000 bytes are 8 sectors less 32 bytes; 8 more entries fill them.
    #expect(try extended(512, 1000 * 512).dataOffsetClusters == 8)
    #expect(try extended(512, 1008 * 512).dataOffsetClusters == 8)
    #expect(try extended(512, 1009 * 512).dataOffsetClusters == 9)
  }

  @Test("Sizes are rounded up to sectors and clusters")
  func rounding() throws {
    let geometry = try extended(4096, 4096 + 513)
    #expect(geometry.sectorCount == 10)
    #expect(geometry.clusterCount == 2)
    #expect(geometry.sectorsPerCluster == 8)
    #expect(geometry.clusterByteCount == 4096)
  }

  @Test("A cluster is a whole number of sectors, and not none")
  func clusterNotSectors() {
    #expect(throws: FormatError.zeroClusterSize) { try extended(0, 512) }
    #expect(throws: FormatError.clusterNotSectors(byteCount: 511)) { try extended(511, 512) }
    #expect(throws: FormatError.clusterNotSectors(byteCount: 4097)) { try extended(4097, 512) }
    #expect(throws: FormatError.clusterNotSectors(byteCount: .max)) { try extended(.max, 512) }
  }

  @Test("A cluster is not larger than readers take")
  func clusterTooLarge() throws {
    #expect(try extended(Self.largest, 0).sectorsPerCluster == 4_186_127)
    #expect(throws: FormatError.clusterTooLarge(sectors: 4_186_128)) { try extended(Self.largest + 512, 0) }
    #expect(throws: FormatError.clusterTooLarge(sectors: .max / 512)) { try extended(.max - 511, 0) }
  }

  @Test("A table is not longer than readers take")
  func tableTooLong() throws {
    #expect(try extended(512, 536_870_911 * 512).clusterCount == 536_870_911)
    #expect(throws: FormatError.tableTooLong(entries: 536_870_912)) { try extended(512, 536_870_911 * 512 + 1) }
  }

  @Test("A disk is not larger than 63 bits of bytes", arguments: [1 << 63, .max] as [UInt64])
  func diskTooLarge(byteCount: UInt64) {
    let sectors = byteCount.dividedRoundingUp(by: 512)
    #expect(throws: FormatError.diskTooLarge(sectors: sectors)) { try extended(Self.largest, byteCount) }
  }

  @Test("In the legacy layout the last sector of the full file has a 32-bit number")
  func legacyLimit() throws {
    // 9 clusters of header and table, and 2097142 of data, are the last 2097151 whose end is within 2³² − 1 sectors.
    let most: UInt64 = 2_097_142 << 20
    let geometry = try ImageGeometry(layout: .legacy, clusterByteCount: 1 << 20, byteCount: most)
    #expect(geometry.dataOffsetClusters + geometry.clusterCount == 2_097_151)
    #expect(throws: FormatError.tooLargeForLegacyLayout(sectors: 1 << 32)) {
      try ImageGeometry(layout: .legacy, clusterByteCount: 1 << 20, byteCount: most + 1)
    }
    #expect(try extended(1 << 20, most + 1).clusterCount == 2_097_143)
  }

  @Test("Entries of either layout stand for the host cluster they were made for", arguments: Layout.allCases)
  func entries(layout: Layout) throws {
    let geometry = try ImageGeometry(layout: layout, clusterByteCount: 63 * 512, byteCount: 1 << 30)
    #expect(geometry.entry(forHostCluster: 5) == (layout == .legacy ? 315 : 5))
    for hostCluster in [1, 2, 33_000] as [UInt64] {
      #expect(geometry.hostCluster(ofEntry: geometry.entry(forHostCluster: hostCluster)) == hostCluster)
    }
  }

  @Test("Cylinders are sectors / 512, as far as the field goes")
  func cylinders() throws {
    #expect(try Header(geometry: extended(1 << 20, 511 * 512), inUse: .closed).cylinders == 0)
    #expect(try Header(geometry: extended(1 << 20, 512 * 512), inUse: .closed).cylinders == 1)
    let most: UInt64 = 0xFFFF_FFFE * 512 * 512
    #expect(try Header(geometry: extended(4 << 20, most), inUse: .closed).cylinders == 0xFFFF_FFFE)
    #expect(try Header(geometry: extended(4 << 20, 1 << 50), inUse: .closed).cylinders == 0xFFFF_FFFF)
  }

  @Test("The header says the same as the geometry")
  func header() throws {
    let geometry = try extended(63 * 512, 8049 * 63 * 512 - 100)
    let header = Header(geometry: geometry, inUse: .unset)
    #expect(header.batEntryCount == 8049)
    #expect(header.clusterCount == 8049)
    #expect(header.sectorCount == 8049 * 63)
    #expect(header.dataOffsetSectors == 2 * 63)
    #expect(header.inUse == .unset)
  }

  private func extended(_ clusterByteCount: UInt64, _ byteCount: UInt64) throws(FormatError) -> ImageGeometry {
    try ImageGeometry(layout: .extended, clusterByteCount: clusterByteCount, byteCount: byteCount)
  }
}
