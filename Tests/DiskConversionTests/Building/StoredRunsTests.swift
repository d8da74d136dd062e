import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

@Suite("The runs of clusters that an image stores")
struct StoredRunsTests {
  private func clusters(_ disk: ModelledDisk, _ stored: StoredClusters, _ geometry: ImageGeometry) throws -> [UInt64] {
    var runs = try StoredRuns(disk.disk, stored: stored, geometry: geometry)
    var (found, end): ([UInt64], UInt64) = ([], 0)
    while let run = try runs.next() {
      #expect(run.lowerBound >= end && !run.isEmpty)
      #expect(run.lowerBound % geometry.clusterByteCount == 0 && run.upperBound % geometry.clusterByteCount == 0)
      end = run.upperBound
      found += Array(run.lowerBound / geometry.clusterByteCount..<run.upperBound / geometry.clusterByteCount)
    }
    return found
  }

  @Test("They are the clusters with anything but zeros, the marked ones, or all", arguments: Exhaustive.cases(0..<20))
  func againstModel(round: Int) throws {
    var random = SeededRandom("stored runs", round)
    let byteCount = Int.random(in: 1...60_000, using: &random)
    let disks = [
      try ModelledDisk.raw(byteCount: byteCount, using: &random),
      try ModelledDisk.image(byteCount: byteCount / 8 + 1, using: &random),
      try ModelledDisk.chain(byteCount: byteCount / 8 + 1, using: &random),
    ]
    for disk in disks {
      let size: UInt64 = [512, 1024, 5120, 16_384].randomElement(using: &random) ?? 512
      let geometry = try ImageGeometry(layout: .extended, clusterByteCount: size, byteCount: disk.disk.byteCount)
      let bytes = disk.model.contents(of: 0..<disk.disk.byteCount)
      let nonZero = (0..<geometry.clusterCount).filter { cluster in
        bytes[Int(cluster * size)..<min(Int((cluster + 1) * size), bytes.count)].contains { $0 != 0 }
      }
      #expect(try clusters(disk, .data, geometry) == nonZero, "clusters of \(size)")
      #expect(try clusters(disk, .all, geometry) == Array(0..<geometry.clusterCount))
      let marked = (0..<geometry.clusterCount).filter { _ in Bool.random(using: &random) }
      var table = BlockAllocationTable(count: Int(geometry.clusterCount))
      for cluster in marked { table[Int(cluster)] = 7 }
      #expect(try clusters(disk, .marked(table), geometry) == marked)
    }
  }
}
