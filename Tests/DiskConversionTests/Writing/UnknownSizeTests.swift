import ParallelsFormat
import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

/// The size of a disk that comes through a pipe is found on the way: its table may outgrow the room that was kept.
@Suite("An image of a disk whose size is found on the way", .timeLimit(.minutes(15)))
struct UnknownSizeTests {
  /// One cluster of 512 bytes has room for 112 entries.
  @Test("The disk is in the image, whatever room its table needs", arguments: [0, 1, 111, 112, 113, 240, 241, 1000])
  func tableOutgrowsRoom(clusterCount: Int) throws {
    var random = SeededRandom("unknown size", clusterCount)
    for share in [1, 2, 20] {
      var disk: [UInt8] = []
      for cluster in 0..<clusterCount {
        let isData = Int.random(in: 0..<share, using: &random) == 0
        disk += isData ? Filling.cluster(cluster, byteCount: 512) : [UInt8](repeating: 0, count: 512)
      }
      let image = try write(disk, clusterByteCount: 512, threadCount: 3)
      let header = try Header(parsing: image.span.bytes)
      #expect(header.inUse == .closed)
      #expect(header.batEntryCount == UInt32(clusterCount))
      #expect(firstDifference(try read(image, header), disk) == nil, "one cluster in \(share)")
      #expect(try isPacked(image, header), "one cluster in \(share)")
    }
  }

  @Test("Clusters that come in parts are moved whole", arguments: Layout.allCases)
  func largeClusters(layout: Layout) throws {
    // Room for a table of 393200 entries is never outgrown here, so the room is made to be too small.
    let size = 3 << 19
    let disk = numbered("0.12", UInt64(size))
    let image = try write(
      disk, layout, clusterByteCount: UInt64(size), threadCount: 2, finalByteCount: UInt64(size) * 400_000)
    let header = try Header(parsing: image.span.bytes)
    #expect(header.layout == layout)
    #expect(header.dataOffsetSectors == UInt32(2 * size / 512))
    #expect(firstDifference(Array(try read(image, header, clusters: 4)), disk) == nil)
  }

  private func write(
    _ disk: [UInt8], _ layout: Layout = .extended, clusterByteCount: UInt64, threadCount: Int,
    finalByteCount: UInt64? = nil
  ) throws -> [UInt8] {
    let control = try ConversionControl()
    let grid = ExtentGrid(clusterByteCount: clusterByteCount)
    let file = try OpenFile.spool(in: "/tmp")
    let unknown = try ImageGeometry(layout: layout, clusterByteCount: clusterByteCount, byteCount: 0)
    let shape = grid.shape(threadCount: threadCount)
    let sink = try ImageFileSink(
      TargetFile(file, control: control), geometry: unknown, grid: grid, threadCount: shape.threadCount,
      stored: .data)
    try Pipeline.run(from: MemoryDisk(disk, grid: grid), into: sink, shape: shape, control: control)
    let written = try sink.finish(
      ImageGeometry(
        layout: layout, clusterByteCount: clusterByteCount, byteCount: finalByteCount ?? UInt64(disk.count)))
    let image = try file.allBytes()
    #expect(image.count == Int(written.byteCount))
    return image
  }

  /// The disk in an image, cluster by cluster.
  private func read(_ image: [UInt8], _ header: Header, clusters: Int? = nil) throws -> [UInt8] {
    let size = Int(header.clusterByteCount)
    return try (0..<(clusters ?? Int(header.batEntryCount))).flatMap { index in
      let start = Int(header.hostByteOffset(ofEntry: entry(index, of: image)))
      guard start > 0 else { return ArraySlice([UInt8](repeating: 0, count: size)) }
      try #require(start >= Int(header.tableEndByteOffset) && start + size <= image.count)
      return image[start..<start + size]
    }
  }

  /// Whether the clusters lie one after the other from the end of the table to the end of the file.
  private func isPacked(_ image: [UInt8], _ header: Header) throws -> Bool {
    let entries = (0..<Int(header.batEntryCount)).map { entry($0, of: image) }.filter { $0 != 0 }.sorted()
    let first = UInt32(header.dataOffsetSectors / header.sectorsPerCluster)
    let size = Int(header.clusterByteCount)
    return entries == Array(first..<first + UInt32(entries.count))
      && image.count == (Int(first) + entries.count) * size
  }

  private func entry(_ index: Int, of image: [UInt8]) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(image[64 + 4 * index + $1]) << (8 * UInt32($1)) }
  }
}
