import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

@Suite("An image that comes through a pipe", .timeLimit(.minutes(15)))
struct PipedImageTests {
  private let folder = TemporaryFolder()

  static let clusterByteCounts = [512, 4096, 63 * 512, 3 << 19]

  @Test("In disk order, clusters that come early wait for their turn", arguments: clusterByteCounts, Layout.allCases)
  func diskOrder(clusterByteCount: Int, layout: Layout) throws {
    try check(clusterByteCount, layout, isShuffled: true) { stream, grid in
      let spool = try stream.spool(in: folder.path, grid: grid)
      return ImageDiskOrderSource(stream, upTo: stream.clusters.header.virtualByteCount, grid: grid, spool: spool)
    }
  }

  @Test("Clusters in disk order go through", arguments: clusterByteCounts, Layout.allCases)
  func diskOrderStream(clusterByteCount: Int, layout: Layout) throws {
    try check(clusterByteCount, layout, isShuffled: false) { stream, grid in
      #expect(stream.clusters.inspection.isInStreamOrder)
      return ImageDiskOrderSource(stream, upTo: stream.clusters.header.virtualByteCount, grid: grid, spool: nil)
    }
  }

  @Test("In file order, each cluster comes with its offset", arguments: clusterByteCounts, [true, false])
  func fileOrder(clusterByteCount: Int, isShuffled: Bool) throws {
    try check(clusterByteCount, .extended, isShuffled: isShuffled) { stream, grid in
      ImageStreamSource(stream, grid: grid)
    }
  }

  @Test("A copy in a temporary file is the same disk", arguments: clusterByteCounts, Layout.allCases)
  func copied(clusterByteCount: Int, layout: Layout) throws {
    try check(clusterByteCount, layout, isShuffled: true) { stream, grid in
      DiskSource(try stream.copied(to: folder.path).0, grid: grid)
    }
  }

  /// Compares the disk that comes from a source with the one that the image was made for.
  private func check(
    _ clusterByteCount: Int, _ layout: Layout, isShuffled: Bool,
    source: (ClusterStream, ExtentGrid) throws -> any ExtentSource
  ) throws {
    var random = SeededRandom("piped image, \(layout) \(isShuffled)", clusterByteCount)
    for threadCount in [1, 3] {
      let clusterCount = clusterByteCount < 4096 ? 3000 : 12
      var hosts = Array(0..<clusterCount)
      if isShuffled { hosts.shuffle(using: &random) }
      let places = hosts.map { Int.random(in: 0..<4, using: &random) == 0 ? nil : $0 }
      let sectorCount = clusterCount * clusterByteCount / 512 - (clusterByteCount > 512 ? 1 : 0)
      let image = HandMadeImage(
        layout.magic, clusterByteCount: clusterByteCount, places: places, sectorCount: sectorCount)
      let control = try ConversionControl()
      let disk = try Pipe.feeding(image.file.bytes, control: control) { input in
        let stream = try ClusterStream(input, name: "pipe", policy: ReadingPolicy(), control: control)
        let grid = ExtentGrid(clusterByteCount: UInt64(clusterByteCount))
        return try rawDisk(
          from: source(stream, grid), grid: grid, threadCount: threadCount, control: control)
      }
      let expected = HandMadeImage.disk(
        clusterByteCount: clusterByteCount, places: places, sectorCount: sectorCount)
      #expect(firstDifference(disk, expected.bytes) == nil, "\(threadCount) threads")
    }
  }
}
