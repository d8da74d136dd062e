import TestSupport
import Testing

@testable import ParallelsFormat

/// Small random images against a map of every sector of the file.
@Suite("Leaks and shared clusters against a map of the file")
struct HostSpaceModelTests {
  private struct Case: CustomStringConvertible {
    var header: Header
    var table: BlockAllocationTable
    var inspection: TableInspection
    var extensionClusters: [UInt64]
    var fileByteCount: UInt64

    init(_ random: inout SeededRandom) throws {
      let layout: Layout = Bool.random(using: &random) ? .legacy : .extended
      let count = Int.random(in: 0...12, using: &random)
      header = try .sample(
        layout, sectorsPerCluster: UInt32.random(in: 1...5, using: &random), clusters: UInt64(count),
        spareEntries: UInt32.random(in: 0...1, using: &random))
      header.dataOffsetSectors += UInt32.random(in: 0...3, using: &random)
      let last = UInt32.random(in: 2...70, using: &random)
      let entries = (0..<Int(header.batEntryCount)).map { _ in
        Int.random(in: 0..<3, using: &random) == 0 ? 0 : UInt32.random(in: 0...last, using: &random)
      }
      table = BlockAllocationTable(entries)
      fileByteCount = UInt64.random(in: header.tableEndByteOffset...60 * 512, using: &random)
      inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
      let unit = layout == .legacy ? 1 : UInt64(header.sectorsPerCluster)
      let sectors = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        UInt64.random(in: 1...12, using: &random) * unit
      }
      let header = header
      extensionClusters = sectors.filter { header.clusterPlaceProblem(sectors: $0) == nil }.map { $0 * 512 }
    }

    var description: String {
      "\(header), BAT \(table.allEntries), extension \(extensionClusters), \(fileByteCount) bytes"
    }

    /// Where clusters of the table, spare entries included, begin that have bytes in the file.
    var tableClusters: [UInt64] {
      (0..<table.count).filter { table[$0] != 0 }.map { header.hostByteOffset(ofEntry: table[$0]) }
        .filter { $0 >= header.tableEndByteOffset && $0 < fileByteCount }
    }

    private func sectors(_ byteOffset: UInt64) -> Range<Int> {
      let first = Int(byteOffset / 512)
      return first..<first + Int(header.sectorsPerCluster)
    }

    private var usedSectors: Set<Int> { Set((tableClusters + extensionClusters).flatMap { sectors($0) }) }

    /// Where the last cluster in use ends, or the data area begins, in sectors.
    var endSector: Int { max(Int(inspection.dataAreaByteOffset / 512), (usedSectors.max() ?? 0) + 1) }

    /// Runs of free sectors that hold a cluster, and what comes after the last cluster in use.
    var leaks: [HostSpaceProblem] {
      let used = usedSectors
      let start = Int(inspection.dataAreaByteOffset / 512)
      let end = endSector
      var found: [HostSpaceProblem] = []
      var sector = start
      while sector < end {
        let next = (sector..<end).first { used.contains($0) } ?? end
        let count = (next - sector) / Int(header.sectorsPerCluster)
        if count > 0 { found.append(.leaked(byteOffset: UInt64(sector) * 512, clusterCount: UInt64(count))) }
        sector = next + 1
      }
      let tail = Int(fileByteCount) - end * 512
      let size = Int(header.clusterByteCount)
      guard tail > 0 else { return found }
      return found + [.leaked(byteOffset: UInt64(end) * 512, clusterCount: UInt64((tail + size - 1) / size))]
    }

    /// Clusters of the extension before a data area that begins where `data_off` says, each once, in file order.
    var early: [HostSpaceProblem] {
      guard inspection.dataOffsetProblem == nil else { return [] }
      let dataArea = inspection.dataAreaByteOffset
      return Set(extensionClusters).sorted().filter { $0 < dataArea }
        .map { .extensionBeforeDataArea(byteOffset: $0, dataAreaByteOffset: dataArea) }
    }

    /// Clusters of the extension that have a sector in common with another cluster, each once, in file order.
    var shared: [HostSpaceProblem] {
      let sharing = extensionClusters.indices.filter { index in
        let others = extensionClusters.indices.filter { $0 != index }.map { extensionClusters[$0] } + tableClusters
        return others.contains { sectors($0).overlaps(sectors(extensionClusters[index])) }
      }
      return Set(sharing.map { extensionClusters[$0] }).sorted().map { .extensionShared(byteOffset: $0) }
    }
  }

  @Test("Every leak and every shared cluster is reported, each once, in file order", arguments: 0..<4)
  func everySector(round: Int) throws {
    var random = SeededRandom("use of the file", round)
    var (leakCount, sharedCount) = (0, 0)
    for _ in 0..<400 {
      let sample = try Case(&random)
      var found: [HostSpaceProblem] = []
      let end = sample.inspection.forEachHostSpaceProblem(extensionClusters: sample.extensionClusters) {
        found.append($0)
      }
      #expect(end == UInt64(sample.endSector) * 512, "\(sample)")
      #expect(found.filter(\.isLeak) == sample.leaks, "\(sample)")
      #expect(found.filter { !$0.isLeak && !$0.isShared } == sample.early, "\(sample)")
      #expect(found.filter(\.isShared) == sample.shared, "\(sample)")
      #expect(found.map(\.byteOffset) == found.map(\.byteOffset).sorted(), "\(sample)")
      leakCount += sample.leaks.isEmpty ? 0 : 1
      sharedCount += sample.shared.isEmpty ? 0 : 1
    }
    #expect(leakCount > 100 && sharedCount > 100, "the samples are all of one kind")
  }
}
