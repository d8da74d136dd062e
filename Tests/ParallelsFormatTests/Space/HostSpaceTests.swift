import TestSupport
import Testing

@testable import ParallelsFormat

/// Clusters of 4096 bytes, the first of the data area at byte 4096, unless said otherwise.
@Suite("Space of the file that nothing refers to, or two things do")
struct HostSpaceTests {
  @Test("A full data area has no problem, in any order")
  func full() throws {
    #expect(try problems([1, 2, 3], clusters: 4).isEmpty)
    #expect(try problems([3, 1, 2], clusters: 4).isEmpty)
    #expect(try problems([0, 0, 0], clusters: 1).isEmpty)
  }

  @Test("Gaps at the start, in the middle and at the end are leaks, each in one piece")
  func gaps() throws {
    #expect(
      try problems([8, 0, 3, 4], clusters: 12) == [
        .leaked(byteOffset: 4096, clusterCount: 2), .leaked(byteOffset: 5 * 4096, clusterCount: 3),
        .leaked(byteOffset: 9 * 4096, clusterCount: 3),
      ])
  }

  @Test("Bytes after the last cluster count as a whole one", arguments: [(1, 1), (4096, 1), (4097, 2)])
  func tail(byteCount: UInt64, clusterCount: UInt64) throws {
    let found = try problems([1], fileByteCount: 8192 + byteCount)
    #expect(found == [.leaked(byteOffset: 8192, clusterCount: clusterCount)])
  }

  @Test("Where the file ends is not known: gaps are found, no tail")
  func unknownEnd() throws {
    let inspection = TableInspection(
      header: try .sample(clusters: 2), table: BlockAllocationTable([1, 3]), fileByteCount: nil)
    var found: [HostSpaceProblem] = []
    let end = inspection.forEachHostSpaceProblem(extensionClusters: []) { found.append($0) }
    #expect(found == [.leaked(byteOffset: 8192, clusterCount: 1)])
    #expect(end == 4 * 4096)
  }

  @Test("A last cluster that the end of the file cuts leaves no tail")
  func cut() throws {
    #expect(try problems([1, 2], fileByteCount: 8193).isEmpty)
  }

  @Test("An image without clusters leaks all of its data area")
  func nothingAllocated() throws {
    #expect(try problems([0, 0], clusters: 4) == [.leaked(byteOffset: 4096, clusterCount: 3)])
  }

  @Test("In the legacy layout a gap smaller than a cluster is not a leak", arguments: [0, 1, 7, 8, 15, 16] as [UInt32])
  func legacyGap(sectors: UInt32) throws {
    let found = try problems([8, 16 + sectors], layout: .legacy, fileByteCount: (24 + UInt64(sectors)) * 512)
    let leak = HostSpaceProblem.leaked(byteOffset: 8192, clusterCount: UInt64(sectors / 8))
    #expect(found == (sectors < 8 ? [] : [leak]))
  }

  @Test("Entries that have no cluster in the file take no space of it")
  func lostEntries() throws {
    #expect(try problems([1, 900, .max], clusters: 3) == [.leaked(byteOffset: 8192, clusterCount: 1)])
  }

  @Test("Clusters of the extension are not leaks")
  func extensionClusters() throws {
    #expect(try problems([1, 3], extensionClusters: [4 * 4096, 2 * 4096], clusters: 5).isEmpty)
    #expect(
      try problems([1, 3], extensionClusters: [5 * 4096], clusters: 6) == [
        .leaked(byteOffset: 2 * 4096, clusterCount: 1), .leaked(byteOffset: 4 * 4096, clusterCount: 1),
      ])
  }

  @Test("A cluster of the extension that also belongs to the disk")
  func sharedWithTheDisk() throws {
    #expect(
      try problems([1, 2, 3], extensionClusters: [2 * 4096], clusters: 4) == [.extensionShared(byteOffset: 2 * 4096)])
  }

  @Test("A cluster that the extension has for two things is reported once")
  func sharedWithItself() throws {
    #expect(
      try problems([1], extensionClusters: [2 * 4096, 2 * 4096], clusters: 3)
        == [.extensionShared(byteOffset: 2 * 4096)])
  }

  @Test("In the legacy layout a part is enough, on either side", arguments: [9, 15, 17, 23] as [UInt32])
  func sharedInPart(sector: UInt32) throws {
    let found = try problems([sector], layout: .legacy, extensionClusters: [16 * 512], fileByteCount: 32 * 512)
    #expect(found.filter(\.isShared) == [.extensionShared(byteOffset: 16 * 512)])
  }

  @Test("An extension before a data area that begins later is reported, and not as shared")
  func beforeTheDataArea() throws {
    var header = try Header.sample(clusters: 1)
    header.dataOffsetSectors = 24
    #expect(
      problems(header, [3], extensionClusters: [4096], fileByteCount: 4 * 4096)
        == [.extensionBeforeDataArea(byteOffset: 4096, dataAreaByteOffset: 3 * 4096)])
  }

  @Test("A data area begins where data_off says, and after the BAT when that is wrong")
  func dataArea() throws {
    for (layout, sectors, byteOffset) in [
      (.legacy, 0, 512), (.legacy, 1, 512), (.legacy, 5, 2560), (.legacy, 99, 512), (.extended, 8, 4096),
      (.extended, 0, 4096), (.extended, 5, 4096), (.extended, 16, 8192), (.extended, 800, 4096),
    ] as [(Layout, UInt32, UInt64)] {
      var header = try Header.sample(layout, clusters: 4)
      header.dataOffsetSectors = sectors
      let table = BlockAllocationTable([0, layout == .legacy ? 16 : 2, 0, 0])
      let inspection = TableInspection(header: header, table: table, fileByteCount: 1 << 18)
      #expect(inspection.dataAreaByteOffset == byteOffset, "\(layout) \(sectors)")
    }
  }

  private func problems(
    _ entries: [UInt32], layout: Layout = .extended, extensionClusters: [UInt64] = [], clusters: UInt64 = 0,
    fileByteCount: UInt64? = nil
  ) throws -> [HostSpaceProblem] {
    problems(
      try .sample(layout, clusters: UInt64(entries.count)), entries, extensionClusters: extensionClusters,
      fileByteCount: fileByteCount ?? clusters * 4096)
  }

  private func problems(
    _ header: Header, _ entries: [UInt32], extensionClusters: [UInt64], fileByteCount: UInt64
  ) -> [HostSpaceProblem] {
    var found: [HostSpaceProblem] = []
    TableInspection(header: header, table: BlockAllocationTable(entries), fileByteCount: fileByteCount)
      .forEachHostSpaceProblem(extensionClusters: extensionClusters) { found.append($0) }
    return found
  }
}

extension HostSpaceProblem {
  /// Whether it is about clusters that nothing refers to.
  var isLeak: Bool {
    guard case .leaked = self else { return false }
    return true
  }

  /// Whether it is about a cluster that two things use.
  var isShared: Bool {
    guard case .extensionShared = self else { return false }
    return true
  }
}
