import ParallelsFormat

/// How a disk is cut into extents that fit a slot.
///
/// Small clusters are grouped, and large ones are split, because the cluster size is not a suitable buffer size. An
/// extent is either a whole number of clusters or part of one.
struct ExtentGrid: Equatable, Sendable {
  /// The most bytes in an extent that is copied.
  ///
  /// Half of a typical second-level cache, so that data is still cached when it is written. Measured from file to file
  /// with two threads, a 3 GiB disk with 1.05 GiB of data, medians in seconds:
  ///
  /// | limit | raw2prl | prl2raw |
  /// |---|---|---|
  /// | 2 MiB | 0.885 | |
  /// | 1 MiB | 0.149 | 0.271 |
  /// | 512 KiB | 0.136 | 0.221 |
  /// | 256 KiB | 0.139 | 0.228 |
  static let copiedByteLimit: UInt64 = 512 << 10
  /// Bytes in an extent that is compressed.
  static let compressedByteLimit: UInt64 = 1 << 20

  let clusterByteCount: UInt64
  /// Size in bytes of an extent that is not the last of its cluster or of the disk.
  let extentByteCount: UInt64

  init(clusterByteCount: UInt64, byteLimit: UInt64 = copiedByteLimit) {
    self.clusterByteCount = clusterByteCount
    let clustersAtOnce = byteLimit / clusterByteCount
    extentByteCount = clustersAtOnce == 0 ? byteLimit : clustersAtOnce * clusterByteCount
  }

  /// Cuts a disk into equal extents regardless of its clusters, for an output that must not depend on them.
  ///
  /// Each extent is compressed independently, so smaller ones would make the output larger.
  static let forCompression = ExtentGrid(clusterByteCount: compressedByteLimit, byteLimit: compressedByteLimit)

  /// Whether extents are parts of clusters.
  var splitsClusters: Bool { extentByteCount < clusterByteCount }

  /// Start of the extent that holds the byte at `offset`.
  func start(at offset: UInt64) -> UInt64 {
    guard splitsClusters else { return offset - offset % extentByteCount }
    return offset - offset % clusterByteCount % extentByteCount
  }

  /// End of the extent that holds the byte at `offset`.
  func end(after offset: UInt64) -> UInt64 {
    let end = start(at: offset) + extentByteCount
    guard splitsClusters else { return end }
    return min(end, (offset / clusterByteCount + 1) * clusterByteCount)
  }

  /// `byteCount` rounded up to whole clusters.
  func roundedUpToClusters(_ byteCount: UInt64) -> UInt64 {
    byteCount.dividedRoundingUp(by: clusterByteCount) * clusterByteCount
  }

  /// The pipeline for this grid with the given number of threads.
  func shape(threadCount: Int) -> PipelineShape {
    PipelineShape(threadCount: threadCount, bufferByteCount: Int(extentByteCount))
  }
}
