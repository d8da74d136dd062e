import TestSupport
import Testing

@testable import ParallelsFormat

/// Small random tables against a check of every pair.
@Suite("Which clusters share bytes of the file")
struct SharedPairTests {
  private struct Case {
    var header: Header
    var entries: [UInt32]

    init(_ random: inout SeededRandom) throws {
      let layout: Layout = Bool.random(using: &random) ? .legacy : .extended
      let count = Int.random(in: 1...14, using: &random)
      header = try .sample(
        layout, sectorsPerCluster: UInt32.random(in: 1...6, using: &random), clusters: UInt64(count))
      let last = UInt32.random(in: 2...90, using: &random)
      entries = (0..<count).map { _ in UInt32.random(in: 0...last, using: &random) }
    }

    func offset(_ index: Int) -> UInt64 { header.hostByteOffset(ofEntry: entries[index]) }

    func shares(_ first: Int, _ second: Int) -> Bool {
      let range = offset(first)..<offset(first) + header.clusterByteCount
      return range.overlaps(offset(second)..<offset(second) + header.clusterByteCount)
    }

    private var present: [Int] {
      entries.indices.filter { entries[$0] != 0 && offset($0) >= header.tableEndByteOffset }
    }

    /// The clusters that begin where one before them in the file, or of those in one place a lower one, has bytes.
    var beginningInside: [Int] {
      present.filter { one in
        present.contains { other in shares(one, other) && (offset(other), other) < (offset(one), one) }
      }
    }

    /// The clusters that lie after the table and share bytes with another such.
    var sharing: Set<Int> {
      Set(present.filter { one in present.contains { $0 != one && shares(one, $0) } })
    }
  }

  @Test("Every cluster that shares bytes is named, and none besides", arguments: 0..<4)
  func everyPair(round: Int) throws {
    var random = SeededRandom("shared clusters", round)
    var sharedCount = 0
    for _ in 0..<500 {
      let sample = try Case(&random)
      let table = BlockAllocationTable(sample.entries)
      var pairs: [EntryProblem] = []
      TableInspection(header: sample.header, table: table, fileByteCount: nil)
        .forEachSharedCluster { pairs.append($0) }
      #expect(Set(pairs.flatMap { [$0.index, $0.partner.index] }) == sample.sharing, "\(sample)")
      #expect(pairs.map(\.index).sorted() == sample.beginningInside.sorted(), "\(sample)")
      for pair in pairs {
        let partner = pair.partner
        #expect(!partner.isSame || partner.index < pair.index, "\(sample)")
        #expect(partner.isSame == (sample.offset(pair.index) == sample.offset(partner.index)), "\(sample)")
        #expect(sample.shares(pair.index, partner.index), "\(sample)")
      }
      let places = pairs.map { sample.offset($0.index) }
      #expect(places == places.sorted(), "in the order of the file: \(sample)")
      sharedCount += pairs.isEmpty ? 0 : 1
    }
    #expect(50..<450 ~= sharedCount, "the samples are all of one kind")
  }

  @Test("A chain of clusters that overlap is named in whole: A with B, B with C")
  func chain() throws {
    let header = try Header.sample(.legacy, clusters: 3)
    #expect(
      findings(header, BlockAllocationTable([16, 20, 24]), fileByteCount: 1 << 20)
        == [Finding(1, .overlap(otherIndex: 0)), Finding(2, .overlap(otherIndex: 1))])
  }

  @Test("Shared clusters come in the order of the file, after those that lie where none can")
  func order() throws {
    let header = try Header.sample(clusters: 6)
    #expect(
      findings(header, BlockAllocationTable([3, 2, 3, 2, 2, .max]), fileByteCount: 1 << 20) == [
        Finding(5, .reserved), Finding(3, .duplicate(otherIndex: 1)), Finding(4, .duplicate(otherIndex: 1)),
        Finding(2, .duplicate(otherIndex: 0)),
      ])
  }
}

extension EntryProblem {
  /// The entry that the cluster shares bytes with, and whether it is all of them; −1 when the problem is another one.
  fileprivate var partner: (index: Int, isSame: Bool) {
    switch kind {
    case .duplicate(let otherIndex): (otherIndex, true)
    case .overlap(let otherIndex): (otherIndex, false)
    case .reserved, .insideTable, .pastEnd, .cutByEnd: (-1, false)
    }
  }
}
