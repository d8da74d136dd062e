import ParallelsFormat

/// How a disk is cut into extents that fit a slot.
///
/// Small clusters travel many at a time, large ones in several parts: a cluster is not a buffer size. An extent is
/// either a whole number of clusters, or a part of one.
struct ExtentGrid: Equatable, Sendable {
  /// Most bytes in an extent, unless a single sector of them is more.
  ///
  /// 1 MiB: what stays in the second-level cache of two threads, and large enough that the cost of a step does not
  /// count.
  static let extentByteLimit: UInt64 = 1 << 20

  let clusterByteCount: UInt64
  /// Bytes of an extent that is not the last of its cluster or of the disk.
  let extentByteCount: UInt64

  init(clusterByteCount: UInt64) {
    self.clusterByteCount = clusterByteCount
    let clustersAtOnce = Self.extentByteLimit / clusterByteCount
    extentByteCount = clustersAtOnce == 0 ? Self.extentByteLimit : clustersAtOnce * clusterByteCount
  }

  /// Whether extents are parts of a cluster.
  var splitsClusters: Bool { extentByteCount < clusterByteCount }

  /// Where the extent that holds the byte at `offset` begins.
  func start(at offset: UInt64) -> UInt64 {
    guard splitsClusters else { return offset - offset % extentByteCount }
    return offset - offset % clusterByteCount % extentByteCount
  }

  /// Where the extent that holds the byte at `offset` ends.
  func end(after offset: UInt64) -> UInt64 {
    let end = start(at: offset) + extentByteCount
    guard splitsClusters else { return end }
    return min(end, (offset / clusterByteCount + 1) * clusterByteCount)
  }

  /// `byteCount` rounded up to whole clusters.
  func roundedUpToClusters(_ byteCount: UInt64) -> UInt64 {
    byteCount.dividedRoundingUp(by: clusterByteCount) * clusterByteCount
  }

  /// The pipeline for this grid with so many threads.
  func shape(threadCount: Int) -> PipelineShape {
    PipelineShape(threadCount: max(1, threadCount), bufferByteCount: Int(extentByteCount))
  }
}
