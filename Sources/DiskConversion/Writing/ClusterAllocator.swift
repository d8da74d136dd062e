import ParallelsFormat

/// Assigns host clusters to clusters of a disk, in the order in which the disk is read, and builds the BAT.
///
/// A cluster that comes in parts is allocated when its first nonzero part comes. The caller must write zeros for the
/// parts before it; all parts after it are stored, even zeros.
struct ClusterAllocator {
  /// The BAT for the file.
  private(set) var table: BlockAllocationTable
  /// The host cluster that the next new cluster gets.
  private(set) var nextHostCluster: UInt64
  private let geometry: ImageGeometry
  private var clusterByteCount: UInt64 { geometry.clusterByteCount }

  /// Creates a table for the disk of `geometry`, or for a longer one; clusters are placed from `firstHostCluster` on.
  init(_ geometry: ImageGeometry, firstHostCluster: UInt64? = nil) {
    self.geometry = geometry
    nextHostCluster = firstHostCluster ?? geometry.firstHostCluster
    table = BlockAllocationTable(count: Int(clamping: geometry.clusterCount))
  }

  /// Allocates the whole clusters in `guestRange`, adjacent in the file; returns the position of the first, in bytes.
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

  /// The position of a part of a cluster, allocating the cluster if necessary.
  ///
  /// `zeroFill` is the range of the file before the part that must be filled with zeros.
  mutating func allocatePart(at guestOffset: UInt64) throws(FormatError) -> (
    hostOffset: UInt64, zeroFill: Range<UInt64>
  ) {
    let offsetInCluster = guestOffset % clusterByteCount
    if let start = hostOffset(ofClusterAt: guestOffset) { return (start + offsetInCluster, 0..<0) }
    let clusterStart = guestOffset - offsetInCluster
    let start = try allocateClusters(clusterStart..<clusterStart + clusterByteCount)
    return (start + offsetInCluster, start..<start + offsetInCluster)
  }

  /// Position in the file of the cluster that holds `guestOffset`, in bytes; nil if it is not allocated.
  func hostOffset(ofClusterAt guestOffset: UInt64) -> UInt64? {
    let cluster = Int(guestOffset / clusterByteCount)
    guard cluster < table.count, table[cluster] != 0 else { return nil }
    return hostCluster(of: cluster) * clusterByteCount
  }

  private func hostCluster(of cluster: Int) -> UInt64 { geometry.hostCluster(ofEntry: table[cluster]) }

  /// Extends the table to `clusterCount` entries if necessary, and checks the limits of the format.
  mutating func makeRoom(forClusters clusterCount: UInt64, newHostClusters: UInt64 = 0) throws(FormatError) {
    guard clusterCount <= FormatLimits.batEntryCount else { throw .tableTooLong(entries: clusterCount) }
    // An entry of 2³² − 1 is reserved.
    let end = (nextHostCluster + newHostClusters) * geometry.entryUnitsPerCluster
    guard end <= UInt64(UInt32.max) else {
      throw geometry.layout == .legacy ? .tooLargeForLegacyLayout(sectors: end) : .tableTooLong(entries: clusterCount)
    }
    if Int(clusterCount) > table.count { table.grow(to: Int(clusterCount)) }
  }

  /// Moves the clusters that lie before `firstHostCluster` to the end of the file, to make room for the table; `move`
  /// copies one.
  ///
  /// There are such clusters only if the size of the disk was unknown and its table outgrew the reserved room.
  mutating func clearRoom<Failure: Error>(
    before firstHostCluster: UInt64, _ move: (_ from: UInt64, _ to: UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    let oldEnd = nextHostCluster
    nextHostCluster = max(oldEnd, firstHostCluster)
    // Clusters were placed in disk order, so those to move are the first allocated ones of the disk.
    var index = table.firstAllocated(from: 0)
    while let cluster = index, hostCluster(of: cluster) < firstHostCluster {
      try move(hostCluster(of: cluster), nextHostCluster)
      table[cluster] = geometry.entry(forHostCluster: nextHostCluster)
      nextHostCluster += 1
      index = table.firstAllocated(from: cluster + 1)
    }
  }
}
