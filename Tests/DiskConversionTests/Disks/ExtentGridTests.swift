import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

@Suite("How a disk is cut into extents")
struct ExtentGridTests {
  private static let mebibyte: UInt64 = 1 << 20
  /// The smallest, the largest, those at the border of what fits an extent, those of other programs, and any.
  static let clusterByteCounts: [UInt64] = {
    var random = SeededRandom("cluster sizes")
    let known: [UInt64] = [
      512, 1024, 4096, 63 * 512, 64 << 10, 252 << 10, mebibyte / 2 - 512, mebibyte / 2,
      mebibyte / 2 + 512, mebibyte - 512, mebibyte,
      mebibyte + 512, 2 * mebibyte - 512, 2 * mebibyte, 2 * mebibyte + 512, 5 * mebibyte + 1536, 64 * mebibyte,
      UInt64(FormatLimits.sectorsPerCluster) * 512,
    ]
    return known + (0..<40).map { _ in UInt64.random(in: 1...20_000, using: &random) * 512 }
  }()

  @Test(
    "Extents follow each other without gap or overlap, whole clusters or parts of one", arguments: clusterByteCounts)
  func tiling(clusterByteCount: UInt64) {
    let grid = ExtentGrid(clusterByteCount: clusterByteCount)
    let end = grid.roundedUpToClusters(max(5 * Self.mebibyte, 2 * clusterByteCount + 1))
    var start: UInt64 = 0
    while start < end {
      let stop = grid.end(after: start)
      guard stop > start, stop - start <= grid.extentByteCount else {
        Issue.record("the extent at \(start) ends at \(stop)")
        return
      }
      if grid.splitsClusters {
        #expect(start / clusterByteCount == (stop - 1) / clusterByteCount, "\(start)..<\(stop) crosses a border")
      } else {
        #expect(start % clusterByteCount == 0 && stop % clusterByteCount == 0, "\(start)..<\(stop) cuts a cluster")
      }
      for offset in [start, start + 1, (start + stop) / 2, stop - 1] {
        #expect(grid.start(at: offset) == start && grid.end(after: offset) == stop, "byte \(offset)")
      }
      start = stop
    }
  }

  @Test("Every cluster begins an extent where clusters come in parts", arguments: clusterByteCounts)
  func clusterStarts(clusterByteCount: UInt64) {
    let grid = ExtentGrid(clusterByteCount: clusterByteCount)
    for cluster in [1, 2, 3, 1000, 1 << 29] as [UInt64] where grid.splitsClusters {
      let start = cluster * clusterByteCount
      #expect(grid.start(at: start) == start)
      #expect(grid.end(after: start - 1) == start)
    }
  }

  /// Most bytes of an extent, as the largest clusters show.
  private static let limit = ExtentGrid(clusterByteCount: UInt64(FormatLimits.sectorsPerCluster) * 512).extentByteCount

  @Test("Only clusters that are larger than the largest extent come in parts", arguments: clusterByteCounts)
  func splitting(clusterByteCount: UInt64) {
    let grid = ExtentGrid(clusterByteCount: clusterByteCount)
    #expect(grid.splitsClusters == (clusterByteCount > Self.limit))
  }

  @Test("A buffer holds an extent, and is well filled whatever the clusters", arguments: clusterByteCounts)
  func buffer(clusterByteCount: UInt64) {
    let grid = ExtentGrid(clusterByteCount: clusterByteCount)
    let shape = grid.shape(threadCount: 3)
    #expect(shape == PipelineShape(threadCount: 3, bufferByteCount: Int(grid.extentByteCount)))
    #expect(shape.bufferByteCount <= Int(Self.limit))
    #expect(shape.bufferByteCount > Int(Self.limit / 2))
    #expect(Self.limit <= 1 << 20)
  }

  @Test("There is always a thread", arguments: [-1, 0, 1])
  func oneThread(threadCount: Int) {
    #expect(ExtentGrid(clusterByteCount: 512).shape(threadCount: threadCount).threadCount == 1)
  }

  @Test("A size is rounded up to whole clusters")
  func rounding() {
    let grid = ExtentGrid(clusterByteCount: 1536)
    #expect([0, 1, 1535, 1536, 1537].map(grid.roundedUpToClusters) == [0, 1536, 1536, 1536, 3072])
  }
}
