import TestSupport
import Testing

@testable import ParallelsFormat

/// Small random tables against a check of every pair.
@Suite("Which clusters share bytes of the file")
struct HostClaimsTests {
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
  }

  @Test("A claim names the one granted claim that it shares bytes with", arguments: 0..<4)
  func everyPair(round: Int) throws {
    var random = SeededRandom("claims", round)
    for _ in 0..<500 {
      let sample = try Case(&random)
      let table = BlockAllocationTable(sample.entries)
      let last = sample.entries.indices.map(sample.offset).max() ?? 0
      var claims = HostClaims(header: sample.header, lastByteOffset: last)
      var granted: [Int] = []
      for index in sample.entries.indices where sample.entries[index] != 0 {
        let others = granted.filter { sample.shares($0, index) }
        switch claims.claim(index, in: table) {
        case nil:
          #expect(others.isEmpty, "entry \(index) of \(sample)")
          granted.append(index)
        case .duplicate(let other):
          #expect(others == [other] && sample.offset(other) == sample.offset(index), "entry \(index) of \(sample)")
        case .overlap(let other):
          #expect(others.contains(other) && sample.offset(other) != sample.offset(index), "entry \(index) of \(sample)")
        case let kind:
          Issue.record("entry \(index) of \(sample): \(String(describing: kind))")
        }
      }
    }
  }

  @Test("A table with two clusters that share bytes never passes as sound", arguments: 0..<4)
  func anyShared(round: Int) throws {
    var random = SeededRandom("shared tables", round)
    var sharedCount = 0
    for _ in 0..<500 {
      let sample = try Case(&random)
      let table = BlockAllocationTable(sample.entries)
      let tableEnd = sample.header.tableEndByteOffset
      let present = sample.entries.indices.filter { sample.entries[$0] != 0 && sample.offset($0) >= tableEnd }
      let isShared = present.contains { first in present.contains { $0 > first && sample.shares(first, $0) } }
      let found = findings(sample.header, table, fileByteCount: nil).contains { finding in
        switch finding.kind {
        case .duplicate, .overlap: true
        default: false
        }
      }
      #expect(found == isShared, "\(sample)")
      sharedCount += isShared ? 1 : 0
    }
    #expect(50..<450 ~= sharedCount, "the samples are all of one kind")
  }
}
