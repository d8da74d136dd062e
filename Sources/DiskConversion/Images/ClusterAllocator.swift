import ParallelsFormat

/// Gives host clusters to the clusters of a disk, in the order in which the disk comes, and keeps the table of it.
///
/// A cluster that comes in parts gets its place with the first part that is not zero; the parts before it are made
/// up for as zeros, the parts after it are stored whatever they hold.
struct ClusterAllocator {
  /// Entries are in host clusters here, whatever the layout; never 0 for an allocated one, as the header is there.
  private(set) var hostClusters: BlockAllocationTable
  /// The host cluster that the next new cluster gets.
  private(set) var nextHostCluster: UInt64
  private let clusterByteCount: UInt64
  private let hostClusterLimit: UInt64

  /// A table for `clusterCount` clusters, or more as they come, the first of which goes to `firstHostCluster`.
  init(clusterByteCount: UInt64, clusterCount: UInt64, firstHostCluster: UInt64) {
    self.clusterByteCount = clusterByteCount
    nextHostCluster = firstHostCluster
    hostClusters = BlockAllocationTable(count: Int(clamping: clusterCount))
    hostClusterLimit = UInt64(UInt32.max)
  }

  /// Allocates the whole clusters in `guestRange`; returns where in the file the first begins, the others following.
  mutating func allocateClusters(_ guestRange: Range<UInt64>) throws(FormatError) -> UInt64 {
    let hostOffset = nextHostCluster * clusterByteCount
    let clusters = guestRange.lowerBound / clusterByteCount..<guestRange.upperBound / clusterByteCount
    try makeRoom(forClusters: clusters.upperBound, newHostClusters: UInt64(clusters.count))
    for cluster in clusters {
      hostClusters[Int(cluster)] = UInt32(nextHostCluster)
      nextHostCluster += 1
    }
    return hostOffset
  }

  /// Where a part of one cluster goes, which gets its place now if it has none yet.
  ///
  /// `zeroFill` is what is to be made up for before it in the file.
  mutating func allocatePart(at guestOffset: UInt64) throws(FormatError) -> (
    hostOffset: UInt64, zeroFill: Range<UInt64>
  ) {
    let offsetInCluster = guestOffset % clusterByteCount
    if let start = hostOffset(ofClusterAt: guestOffset) { return (start + offsetInCluster, 0..<0) }
    let clusterStart = guestOffset - offsetInCluster
    let start = try allocateClusters(clusterStart..<clusterStart + clusterByteCount)
    return (start + offsetInCluster, start..<start + offsetInCluster)
  }

  /// Where in the file the cluster that holds `guestOffset` begins; nil when it is not allocated.
  func hostOffset(ofClusterAt guestOffset: UInt64) -> UInt64? {
    let cluster = Int(guestOffset / clusterByteCount)
    guard cluster < hostClusters.count, hostClusters[cluster] != 0 else { return nil }
    return UInt64(hostClusters[cluster]) * clusterByteCount
  }

  /// Makes the table long enough for a disk that ends with cluster `clusterCount` − 1.
  mutating func makeRoom(forClusters clusterCount: UInt64, newHostClusters: UInt64 = 0) throws(FormatError) {
    guard clusterCount <= FormatLimits.batEntryCount, nextHostCluster + newHostClusters <= hostClusterLimit else {
      throw .tableTooLong(entries: clusterCount)
    }
    if Int(clusterCount) > hostClusters.count { hostClusters.grow(to: Int(clusterCount)) }
  }

  /// Moves the clusters of the file before `firstHostCluster` to its end, so that the table can take their place;
  /// `move` copies one.
  ///
  /// There are none unless the size of the disk was unknown and outgrew the room of its table.
  mutating func clearRoom<Failure: Error>(
    before firstHostCluster: UInt64, _ move: (_ from: UInt64, _ to: UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    let oldEnd = nextHostCluster
    nextHostCluster = max(oldEnd, firstHostCluster)
    // Clusters were placed in disk order, so those before the mark are the first allocated of the disk.
    var index = hostClusters.firstAllocated(from: 0)
    while let cluster = index, UInt64(hostClusters[cluster]) < firstHostCluster {
      try move(UInt64(hostClusters[cluster]), nextHostCluster)
      hostClusters[cluster] = UInt32(clamping: nextHostCluster)
      nextHostCluster += 1
      index = hostClusters.firstAllocated(from: cluster + 1)
    }
  }
}
