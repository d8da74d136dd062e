import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

@Suite("Places in the file for the clusters of a disk")
struct ClusterAllocatorTests {
  @Test("Clusters get their places one after the other, as they come", arguments: Layout.allCases)
  func wholeClusters(layout: Layout) throws {
    var allocator = try allocator(layout, clusterByteCount: 1536, clusterCount: 10, firstHostCluster: 3)
    #expect(try allocator.allocateClusters(1536..<3 * 1536) == 3 * 1536)
    #expect(try allocator.allocateClusters(5 * 1536..<6 * 1536) == 5 * 1536)
    let unit: UInt32 = layout == .legacy ? 3 : 1
    #expect((0..<10).map { allocator.table[$0] } == [0, 3, 4, 0, 0, 5, 0, 0, 0, 0].map { $0 * unit })
    #expect(allocator.nextHostCluster == 6)
  }

  @Test("Without a choice, the first place is the one after header, table and extension", arguments: [false, true])
  func firstPlace(hasExtension: Bool) throws {
    let geometry = try ImageGeometry(
      layout: .extended, clusterByteCount: 512, byteCount: 200 * 512, extensionClusterCount: hasExtension ? 1 : 0)
    var allocator = ClusterAllocator(geometry)
    #expect(allocator.table.count == 200)
    #expect(try allocator.allocateClusters(0..<512) == (hasExtension ? 3 : 2) * 512)
  }

  @Test(
    "A cluster in parts gets its place with its first part, what comes before that is zeros",
    arguments: Layout.allCases)
  func parts(layout: Layout) throws {
    var allocator = try allocator(layout, clusterByteCount: 3072, clusterCount: 4, firstHostCluster: 1)
    let first = try allocator.allocatePart(at: 3072 + 1024)
    #expect(first.hostOffset == 3072 + 1024)
    #expect(first.zeroFill == 3072..<3072 + 1024)
    let second = try allocator.allocatePart(at: 3072 + 2048)
    #expect(second.hostOffset == 3072 + 2048)
    #expect(second.zeroFill.isEmpty)
    let next = try allocator.allocatePart(at: 3 * 3072)
    #expect(next.hostOffset == 2 * 3072)
    #expect(next.zeroFill.isEmpty)
  }

  @Test("A cluster's place is known from any byte in it", arguments: Layout.allCases)
  func hostOffset(layout: Layout) throws {
    var allocator = try allocator(layout, clusterByteCount: 1024, clusterCount: 2, firstHostCluster: 7)
    _ = try allocator.allocateClusters(1024..<2048)
    #expect([0, 1023, 1024, 2047, 2048, 1 << 40].map(allocator.hostOffset) == [nil, nil, 7168, 7168, nil, nil])
  }

  @Test(
    "Any clusters in disk order, whole or in parts: the same as a plain list", arguments: 0..<8, Layout.allCases)
  func againstModel(round: Int, layout: Layout) throws {
    var random = SeededRandom("allocator in the layout \(layout)", round)
    for _ in 0..<50 {
      let first = UInt64.random(in: 1...5, using: &random)
      var allocator = try allocator(layout, clusterByteCount: 2048, clusterCount: 0, firstHostCluster: first)
      var model: [UInt64?] = []
      var next = first
      while model.count < 60 {
        let guest = UInt64(model.count) * 2048
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
          model.append(nil)
        case 1:
          let count = UInt64.random(in: 1...4, using: &random)
          #expect(try allocator.allocateClusters(guest..<guest + count * 2048) == next * 2048)
          model += (0..<count).map { next + $0 }
          next += count
        default:
          let parts = [0, 512, 1024, 1536].filter { _ in Bool.random(using: &random) } as [UInt64]
          for (position, part) in parts.enumerated() {
            let place = try allocator.allocatePart(at: guest + part)
            #expect(place.hostOffset == next * 2048 + part)
            #expect(place.zeroFill == (position == 0 ? next * 2048..<next * 2048 + part : 0..<0))
          }
          model.append(parts.isEmpty ? nil : next)
          next += parts.isEmpty ? 0 : 1
        }
      }
      for (cluster, host) in model.enumerated() {
        #expect(allocator.hostOffset(ofClusterAt: UInt64(cluster) * 2048) == host.map { $0 * 2048 })
      }
      let unit: UInt64 = layout == .legacy ? 4 : 1
      #expect(
        (0..<allocator.table.count).map { UInt64(allocator.table[$0]) }
          == model.prefix(allocator.table.count).map { ($0 ?? 0) * unit })
      #expect(model.dropFirst(allocator.table.count).allSatisfy { $0 == nil })
      #expect(allocator.nextHostCluster == next)
    }
  }

  @Test(
    "Room for a longer table is made by moving clusters, none lost and no gap left", arguments: 0..<8,
    Layout.allCases)
  func clearRoom(round: Int, layout: Layout) throws {
    var random = SeededRandom("clear room in the layout \(layout)", round)
    for _ in 0..<100 {
      let first = UInt64.random(in: 1...4, using: &random)
      var allocator = try allocator(layout, clusterByteCount: 1024, clusterCount: 40, firstHostCluster: first)
      var file: [UInt64: Int] = [:]
      for cluster in 0..<40 where Bool.random(using: &random) {
        let guest = UInt64(cluster) * 1024
        file[try allocator.allocateClusters(guest..<guest + 1024) / 1024] = cluster
      }
      let clusters = file.values.sorted()
      let mark = UInt64.random(in: first...60, using: &random)
      allocator.clearRoom(before: mark) { from, to in
        #expect(from < mark && to >= mark)
        #expect(file[to] == nil, "a cluster is overwritten")
        #expect(file[from] != nil, "a cluster is moved that is not there")
        file[to] = file.removeValue(forKey: from)
      }
      let unit: UInt64 = layout == .legacy ? 2 : 1
      #expect(clusters.allSatisfy { UInt64(allocator.table[$0]) % unit == 0 })
      let hosts = clusters.map { UInt64(allocator.table[$0]) / unit }
      #expect(hosts.map { file[$0] } == clusters)
      #expect(hosts.sorted() == Array(mark..<mark + UInt64(clusters.count)))
      #expect(allocator.nextHostCluster == mark + UInt64(clusters.count))
    }
  }

  @Test("Nothing is moved when there is room")
  func roomIsThere() throws {
    var allocator = try allocator(clusterByteCount: 512, clusterCount: 4, firstHostCluster: 2)
    _ = try allocator.allocateClusters(0..<2048)
    allocator.clearRoom(before: 2) { from, to in Issue.record("\(from) is moved to \(to)") }
    #expect(allocator.nextHostCluster == 6)
  }

  @Test("A table is not longer than readers take")
  func tableLimit() throws {
    var allocator = try allocator(clusterByteCount: 512, clusterCount: 0, firstHostCluster: 1)
    let most = UInt64(FormatLimits.batEntryCount)
    try allocator.makeRoom(forClusters: most)
    #expect(allocator.table.count == Int(most))
    #expect(throws: FormatError.tableTooLong(entries: most + 1)) { try allocator.makeRoom(forClusters: most + 1) }
    #expect(throws: FormatError.tableTooLong(entries: most + 1)) {
      try allocator.allocateClusters(most * 512..<(most + 1) * 512)
    }
  }

  @Test("No cluster gets the number that is reserved")
  func hostLimit() throws {
    let last = UInt64(UInt32.max) - 1
    var allocator = try allocator(clusterByteCount: 512, clusterCount: 3, firstHostCluster: last - 1)
    _ = try allocator.allocateClusters(0..<1024)
    #expect(UInt64(allocator.table[1]) == last)
    #expect(throws: FormatError.self) { try allocator.allocateClusters(1024..<1536) }
  }

  @Test("In the legacy layout, no cluster lies past the last sector that an entry can name")
  func legacyHostLimit() throws {
    let last = UInt64(UInt32.max) / 2 - 1
    var allocator = try allocator(.legacy, clusterByteCount: 1024, clusterCount: 3, firstHostCluster: last - 1)
    _ = try allocator.allocateClusters(0..<2048)
    #expect(UInt64(allocator.table[1]) == 2 * last)
    #expect(throws: FormatError.tooLargeForLegacyLayout(sectors: 2 * (last + 2))) {
      try allocator.allocateClusters(2048..<3072)
    }
  }

  private func allocator(
    _ layout: Layout = .extended, clusterByteCount: UInt64, clusterCount: UInt64, firstHostCluster: UInt64
  ) throws -> ClusterAllocator {
    let geometry = try ImageGeometry(
      layout: layout, clusterByteCount: clusterByteCount, byteCount: clusterCount * clusterByteCount)
    return ClusterAllocator(geometry, firstHostCluster: firstHostCluster)
  }
}
