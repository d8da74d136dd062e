import Testing

@testable import ParallelsFormat

@Suite("What is wrong with an image as a whole")
struct HeaderProblemTests {
  @Test("Nothing is wrong with an image as it is written", arguments: Layout.allCases)
  func sound(layout: Layout) throws {
    #expect(try problems(.sample(layout, clusters: 4), [8, 0, 16, 0]).isEmpty)
  }

  @Test("Only one value of in_use says that the image is open", arguments: [0, 0x312E_3276, 0x3731_6470, 1, .max])
  func closed(inUse: UInt32) throws {
    var header = try Header.sample(clusters: 4)
    header.inUse = InUse(rawValue: inUse)
    #expect(problems(header).isEmpty)
  }

  @Test("An image that was not closed")
  func notClosed() throws {
    var header = try Header.sample(clusters: 4)
    header.inUse = InUse(rawValue: 0x746F_6E59)
    #expect(problems(header) == [.notClosed])
  }

  @Test("A change of layout matters as long as the image is open")
  func conversionUnderWay() throws {
    var header = try Header.sample(clusters: 4)
    header.flags = .formatConversion
    #expect(problems(header).isEmpty)
    header.inUse = .open
    #expect(problems(header) == [.conversionUnderWay, .notClosed])
  }

  @Test("A table with an entry too few")
  func tableTooShort() throws {
    var header = try Header.sample(clusters: 4)
    header.sectorCount += 1
    #expect(problems(header) == [.tableTooShort(entries: 4, clusters: 5)])
  }

  @Test("A disk far beyond its table")
  func forgedSize() throws {
    var header = try Header.sample(clusters: 4)
    header.sectorCount = FormatLimits.sectorCount
    #expect(problems(header) == [.tableTooShort(entries: 4, clusters: FormatLimits.sectorCount / 8 + 1)])
  }

  @Test("Spare entries are not a problem")
  func spareEntries() throws {
    #expect(try problems(.sample(clusters: 4, spareEntries: 5), [1, 0, 0, 0, 0, 0, 0, 0, 0]).isEmpty)
  }

  @Test("An image that is flagged as empty, and is")
  func emptyFlag() throws {
    var header = try Header.sample(clusters: 4)
    header.flags = .empty
    #expect(problems(header, [0, 0, 0, 0]).isEmpty)
  }

  @Test("An image that is flagged as empty, and is not")
  func emptyFlagWithData() throws {
    var header = try Header.sample(clusters: 4)
    header.flags = .empty
    #expect(problems(header, [0, 2, 0, 3]) == [.emptyFlagWithData(allocatedClusters: 2)])
  }

  @Test("Entries beyond the disk do not fill an empty image")
  func emptyFlagWithSpareEntries() throws {
    var header = try Header.sample(clusters: 2, spareEntries: 1)
    header.flags = .empty
    #expect(problems(header, [0, 0, 2]).isEmpty)
  }

  @Test("All that is wrong is found, the gravest first")
  func everything() throws {
    var header = try Header.sample(clusters: 4)
    header.inUse = .open
    header.flags = [.empty, .formatConversion]
    header.sectorCount = 5 * 8
    header.dataOffsetSectors = 0
    let found = problems(header, [1, 0, 0, 0])
    let first: [HeaderProblem] = [
      .conversionUnderWay, .notClosed, .tableTooShort(entries: 4, clusters: 5),
      .emptyFlagWithData(allocatedClusters: 1),
    ]
    #expect(found.dropLast() == first[...])
    guard case .wrongDataOffset(sectors: 0, _) = found.last else {
      Issue.record("the last problem is \(String(describing: found.last))")
      return
    }
  }

  private func problems(_ header: Header, _ entries: [UInt32] = [1, 0, 2, 0]) -> [HeaderProblem] {
    let table = BlockAllocationTable(entries)
    return TableInspection(header: header, table: table, fileByteCount: 1 << 20).headerProblems
  }
}
