import ParallelsFormat

/// Gives host clusters to the clusters of a disk, in the order in which the disk comes, and keeps the BAT of it.
///
/// A cluster that comes in parts gets its place with the first part that is not zero. The parts before it are zeros
/// that the caller has to write; the parts after it are stored whatever they hold.
struct ClusterAllocator {
  /// The BAT as it will stand in the file.
  private(set) var table: BlockAllocationTable
  /// The host cluster that the next new cluster gets.
  private(set) var nextHostCluster: UInt64
  private let geometry: ImageGeometry
  private var clusterByteCount: UInt64 { geometry.clusterByteCount }

  /// A table for the disk of `geometry`, or for a longer one as it comes; clusters go to `firstHostCluster` and on.
  init(_ geometry: ImageGeometry, firstHostCluster: UInt64? = nil) {
    self.geometry = geometry
    nextHostCluster = firstHostCluster ?? geometry.firstHostCluster
    table = BlockAllocationTable(count: Int(clamping: geometry.clusterCount))
  }

  /// Allocates the whole clusters in `guestRange`; returns where in the file the first begins, the others following.
  mutating func allocateClusters(_ guestRange: Range<UInt64>) throws(FormatError) -> UInt64 {
    let hostOffset = nextHostCluster * clusterByteCount
    let clusters = guestRange.lowerBound / clusterByteCount..<guestRange.upperBound / clusterByteCount
    try makeRoom(forClusters: clusters.upperBound, newHostClusters: UInt64(clusters.count))
    for cluster in clusters {
      table[Int(cluster)] = geometry.entry(forHostCluster: nextHostCluster)
      nextHostCluster += 1
    }
    return hostOffset
  }

  /// Where a part of one cluster goes; a cluster without a place gets it now.
  ///
  /// `zeroFill` is the range of the file before the part that has to be filled with zeros.
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
    guard cluster < table.count, table[cluster] != 0 else { return nil }
    return hostCluster(of: cluster) * clusterByteCount
  }

  private func hostCluster(of cluster: Int) -> UInt64 { geometry.hostCluster(ofEntry: table[cluster]) }

  /// Makes the table long enough for a disk that ends with cluster `clusterCount` − 1.
  mutating func makeRoom(forClusters clusterCount: UInt64, newHostClusters: UInt64 = 0) throws(FormatError) {
    guard clusterCount <= FormatLimits.batEntryCount else { throw .tableTooLong(entries: clusterCount) }
    // An entry of 2³² − 1 is reserved.
    let end = (nextHostCluster + newHostClusters) * geometry.entryUnitsPerCluster
    guard end <= UInt64(UInt32.max) else {
      throw geometry.layout == .legacy ? .tooLargeForLegacyLayout(sectors: end) : .tableTooLong(entries: clusterCount)
    }
    if Int(clusterCount) > table.count { table.grow(to: Int(clusterCount)) }
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
    var index = table.firstAllocated(from: 0)
    while let cluster = index, hostCluster(of: cluster) < firstHostCluster {
      try move(hostCluster(of: cluster), nextHostCluster)
      table[cluster] = geometry.entry(forHostCluster: nextHostCluster)
      nextHostCluster += 1
      index = table.firstAllocated(from: cluster + 1)
    }
  }
}
