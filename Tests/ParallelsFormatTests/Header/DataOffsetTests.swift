import Testing

@testable import ParallelsFormat

/// Clusters of 8 sectors; the first of the data is at sector 16, the file has 40.
@Suite("Where data_off says that the data area begins")
struct DataOffsetTests {
  @Test("The legacy layout takes 0 for the end of the table")
  func legacyZero() throws {
    #expect(try reason(0, .legacy) == nil)
  }

  @Test("The extended layout does not")
  func extendedZero() throws {
    #expect(try reason(0, .extended) == "the header and BAT end at byte 80")
  }

  @Test("The legacy layout takes any sector from the end of the table to the first cluster", arguments: 1...16)
  func legacySector(sectors: UInt32) throws {
    #expect(try reason(sectors, .legacy) == nil)
  }

  @Test("The extended layout takes whole clusters only", arguments: 1...16)
  func extendedCluster(sectors: UInt32) throws {
    let expected = sectors % 8 == 0 ? nil : "not a multiple of the cluster size"
    #expect(try reason(sectors, .extended) == expected)
  }

  @Test("A data area does not begin inside the table", arguments: Layout.allCases)
  func insideTable(layout: Layout) throws {
    let header = try Header.sample(layout, clusters: 2000)  // 8064 bytes of header and table
    #expect(header.dataOffsetSectors == 16)
    #expect(reason(header.with(dataOffset: 8), [], fileByteCount: nil) == "the header and BAT end at byte 8064")
    #expect(reason(header.with(dataOffset: 15), [], fileByteCount: nil) == "the header and BAT end at byte 8064")
    #expect(reason(header.with(dataOffset: 16), [], fileByteCount: nil) == nil)
  }

  @Test("A data area does not begin after the first cluster", arguments: Layout.allCases)
  func behindFirstCluster(layout: Layout) throws {
    #expect(try reason(24, layout) == "the first cluster is at byte 8192")
  }

  @Test("Without clusters, a data area begins in the file or at its end", arguments: Layout.allCases)
  func pastEnd(layout: Layout) throws {
    let header = try Header.sample(layout, clusters: 4)
    #expect(reason(header.with(dataOffset: 40), [], fileByteCount: 40 * 512) == nil)
    #expect(reason(header.with(dataOffset: 48), [], fileByteCount: 40 * 512) == "the file has only 20480 bytes")
    #expect(reason(header.with(dataOffset: 48), [], fileByteCount: nil) == nil)
  }

  @Test("The largest value is wrong and nothing worse", arguments: Layout.allCases)
  func largest(layout: Layout) throws {
    #expect(try reason(.max, layout) != nil)
  }

  private func reason(_ sectors: UInt32, _ layout: Layout) throws -> String? {
    let entries: [UInt32] = layout == .legacy ? [16, 24, 0, 32] : [2, 3, 0, 4]
    return reason(try .sample(layout, clusters: 4).with(dataOffset: sectors), entries, fileByteCount: 40 * 512)
  }

  private func reason(_ header: Header, _ entries: [UInt32], fileByteCount: UInt64?) -> String? {
    let table = BlockAllocationTable(entries)
    let problems = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
      .headerProblems
    guard case .wrongDataOffset(header.dataOffsetSectors, let reason) = problems.first else {
      return problems.first?.description
    }
    return reason
  }
}

extension Header {
  fileprivate func with(dataOffset: UInt32) -> Header {
    var header = self
    header.dataOffsetSectors = dataOffset
    return header
  }
}
