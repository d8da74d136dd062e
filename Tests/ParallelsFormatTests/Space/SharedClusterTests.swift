import Testing

@testable import ParallelsFormat

@Suite("Two entries for the same bytes of the file")
struct SharedClusterTests {
  @Test("Two entries for one cluster: the later one names the earlier", arguments: Layout.allCases)
  func duplicate(layout: Layout) throws {
    let header = try Header.sample(layout, clusters: 4)
    let table = BlockAllocationTable([16, 24, 0, 16])
    #expect(findings(header, table, fileByteCount: nil) == [Finding(3, .duplicate(otherIndex: 0))])
  }

  @Test("Each of many entries for one cluster names the first")
  func manyDuplicates() throws {
    let header = try Header.sample(clusters: 4)
    let table = BlockAllocationTable([2, 2, 2, 2])
    #expect(
      findings(header, table, fileByteCount: 1 << 20)
        == (1...3).map { Finding($0, .duplicate(otherIndex: 0)) })
  }

  @Test(
    "In the legacy layout clusters may share some sectors",
    arguments: [(9, false), (10, true), (16, true), (17, true), (18, true), (24, true), (25, false)]
      as [(UInt32, Bool)])
  func overlap(entry: UInt32, overlaps: Bool) throws {
    // The other cluster is sectors 17 to 24, and 9 to 16 are those before it.
    let header = try Header.sample(.legacy, clusters: 4)
    let table = BlockAllocationTable([17, 0, entry, 0])
    // The one that begins inside the other is named.
    let finding =
      entry == 17
      ? Finding(2, .duplicate(otherIndex: 0))
      : entry < 17 ? Finding(0, .overlap(otherIndex: 2)) : Finding(2, .overlap(otherIndex: 0))
    #expect(findings(header, table, fileByteCount: 1 << 20) == (overlaps ? [finding] : []))
  }

  @Test("Neighbours that touch do not overlap, in any order", arguments: [[10, 18, 26], [26, 10, 18], [18, 26, 10]])
  func touching(entries: [UInt32]) throws {
    let header = try Header.sample(.legacy, clusters: 3)
    #expect(findings(header, BlockAllocationTable(entries), fileByteCount: 1 << 20).isEmpty)
  }

  @Test("Clusters of 63 sectors at odd places do not overlap")
  func oddClusters() throws {
    let header = try Header.sample(.legacy, sectorsPerCluster: 63, clusters: 3)
    #expect(findings(header, BlockAllocationTable([128, 2, 65]), fileByteCount: 1 << 20).isEmpty)
    #expect(
      findings(header, BlockAllocationTable([128, 2, 66]), fileByteCount: 1 << 20)
        == [Finding(0, .overlap(otherIndex: 2))])
  }

  @Test("Each of three clusters that overlap pairwise is named, but the first of the file")
  func threeAtOnce() throws {
    let header = try Header.sample(.legacy, clusters: 3)
    #expect(
      findings(header, BlockAllocationTable([16, 18, 17]), fileByteCount: 1 << 20)
        == [Finding(2, .overlap(otherIndex: 0)), Finding(1, .overlap(otherIndex: 2))])
  }

  @Test("An entry without a cluster in the file shares none")
  func lostEntries() throws {
    let header = try Header.sample(clusters: 4)
    #expect(
      findings(header, BlockAllocationTable([9, 9, .max, .max]), fileByteCount: 8192) == [
        Finding(0, .pastEnd(fileByteCount: 8192)), Finding(1, .pastEnd(fileByteCount: 8192)), Finding(2, .reserved),
        Finding(3, .reserved),
      ])
  }

  @Test("A cluster that the end of the file cuts can also be shared")
  func cutAndShared() throws {
    let header = try Header.sample(clusters: 2)
    let cut = EntryProblem.Kind.cutByEnd(fileByteCount: 5000, foundByteCount: 904)
    #expect(
      findings(header, BlockAllocationTable([1, 1]), fileByteCount: 5000)
        == [Finding(0, cut), Finding(1, cut), Finding(1, .duplicate(otherIndex: 0))])
  }

  @Test("Clusters in order that share nothing are in stream order")
  func streamOrder() throws {
    #expect(try isInStreamOrder([8, 0, 16, 24], .legacy))
    #expect(try isInStreamOrder([8, 0, 100, 108], .legacy))
    #expect(try isInStreamOrder([1, 0, 2, 700]))
    #expect(try isInStreamOrder([0, 0, 0, 0]))
    #expect(try isInStreamOrder([]))
  }

  @Test("Clusters that go back, or are shared, are not in stream order")
  func notStreamOrder() throws {
    #expect(try !isInStreamOrder([2, 1]))
    #expect(try !isInStreamOrder([1, 3, 0, 2]))
    #expect(try !isInStreamOrder([2, 2]))
    #expect(try !isInStreamOrder([8, 15], .legacy))
  }

  @Test("The first and the last cluster of the file are found in any order")
  func firstAndLast() throws {
    let table = BlockAllocationTable([0, 5, 2, 9, 4])
    let inspection = TableInspection(header: try .sample(clusters: 5), table: table, fileByteCount: nil)
    #expect(inspection.firstByteOffset == 2 * 4096)
    #expect(inspection.lastByteOffset == 9 * 4096)
    let empty = BlockAllocationTable(count: 5)
    let emptyInspection = TableInspection(header: try .sample(clusters: 5), table: empty, fileByteCount: nil)
    #expect(emptyInspection.firstByteOffset == nil)
    #expect(emptyInspection.lastByteOffset == nil)
  }

  private func isInStreamOrder(_ entries: [UInt32], _ layout: Layout = .extended) throws -> Bool {
    let header = try Header.sample(layout, clusters: UInt64(entries.count))
    return TableInspection(header: header, table: BlockAllocationTable(entries), fileByteCount: nil).isInStreamOrder
  }
}
