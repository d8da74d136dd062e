import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

@Suite("The ranges of a disk that are wanted")
struct DiskRangesTests {
  @Test("A whole range comes once, and an empty one not at all")
  func wholeRange() {
    var range = WholeRange(5..<9)
    #expect(range.next() == 5..<9)
    #expect(range.next() == nil)
    var empty = WholeRange(5..<5)
    #expect(empty.next() == nil)
  }

  @Test("The runs of allocated clusters come whole, and what lies before each counts as done", arguments: 0..<8)
  func allocatedClusters(round: Int) throws {
    var random = SeededRandom("runs of allocated clusters", round)
    for _ in 0..<50 {
      let isAllocated = (0..<40).map { _ in Bool.random(using: &random) }
      var table = BlockAllocationTable(count: isAllocated.count)
      for (cluster, isAllocated) in isAllocated.enumerated() where isAllocated { table[cluster] = 7 }
      let progress = try ConversionControl().progress
      var ranges = AllocatedRanges(of: table, clusterByteCount: 100, progress: progress)
      var position: UInt64 = 0
      var leftOut: UInt64 = 0
      while let range = ranges.next() {
        #expect(position == 0 || range.lowerBound > position, "a range touches the one before")
        for cluster in position / 100..<range.lowerBound / 100 { #expect(!isAllocated[Int(cluster)]) }
        for cluster in range.lowerBound / 100..<range.upperBound / 100 { #expect(isAllocated[Int(cluster)]) }
        leftOut += range.lowerBound - position
        position = range.upperBound
        #expect(progress.doneByteCount == leftOut)
      }
      for cluster in Int(position / 100)..<isAllocated.count { #expect(!isAllocated[cluster]) }
      #expect(ranges.next() == nil)
    }
  }
}
