/// The geometry of a new image: all header fields that follow from disk size, cluster size and layout.
public struct ImageGeometry: Equatable, Sendable {
  /// The layout to write.
  public let layout: Layout
  /// Cluster size, in sectors.
  public let sectorsPerCluster: UInt32
  /// Disk size, in sectors.
  public let sectorCount: UInt64
  /// The number of clusters at the start of the data area for a format extension and the bits of its bitmaps.
  public let extensionClusterCount: UInt64

  /// Checks the limits of the format, so that no unreadable image is started.
  ///
  /// `byteCount` is the size of the disk; it is rounded up to whole sectors, because the format counts sectors.
  ///
  /// - Throws: The limit that the image would exceed.
  public init(
    layout: Layout, clusterByteCount: UInt64, byteCount: UInt64, extensionClusterCount: UInt64 = 0
  ) throws(FormatError) {
    guard clusterByteCount != 0 else { throw .zeroClusterSize }
    guard clusterByteCount % sectorByteCount == 0 else { throw .clusterNotSectors(byteCount: clusterByteCount) }
    let clusterSectors = clusterByteCount / sectorByteCount
    guard clusterSectors <= FormatLimits.sectorsPerCluster else { throw .clusterTooLarge(sectors: clusterSectors) }
    self.layout = layout
    self.extensionClusterCount = extensionClusterCount
    sectorsPerCluster = UInt32(clusterSectors)
    sectorCount = byteCount.dividedRoundingUp(by: sectorByteCount)
    guard sectorCount <= FormatLimits.sectorCount else { throw .diskTooLarge(sectors: sectorCount) }
    guard clusterCount <= FormatLimits.batEntryCount else { throw .tableTooLong(entries: clusterCount) }
    // The guest may later allocate every cluster, so even the full file has to stay within reach.
    let fileSectors = (firstHostCluster + clusterCount) * clusterSectors
    guard layout == .extended || fileSectors <= FormatLimits.legacySectorCount else {
      throw .tooLargeForLegacyLayout(sectors: fileSectors)
    }
  }

  /// Cluster size, in bytes.
  public var clusterByteCount: UInt64 { UInt64(sectorsPerCluster) * sectorByteCount }
  /// Disk size, in bytes.
  public var byteCount: UInt64 { sectorCount * sectorByteCount }
  /// Entries in the BAT: one per cluster of the disk.
  public var clusterCount: UInt64 { sectorCount.dividedRoundingUp(by: UInt64(sectorsPerCluster)) }
  /// Start of the data area, in clusters: header and BAT, rounded up.
  public var dataOffsetClusters: UInt64 {
    let tableBytes = UInt64(Header.byteCount) + clusterCount * UInt64(BlockAllocationTable.entryByteCount)
    return tableBytes.dividedRoundingUp(by: clusterByteCount)
  }
  /// Position of the first cluster of the disk, in clusters.
  ///
  /// The extension comes before all of them, because qemu-img treats anything after the last one as leaked and
  /// truncates it.
  public var firstHostCluster: UInt64 { dataOffsetClusters + extensionClusterCount }
  /// The BAT entry that points to cluster `hostCluster` of the file.
  public func entry(forHostCluster hostCluster: UInt64) -> UInt32 {
    UInt32(clamping: hostCluster * entryUnitsPerCluster)
  }
  /// The cluster of the file that an entry from `entry(forHostCluster:)` points to.
  public func hostCluster(ofEntry entry: UInt32) -> UInt64 { UInt64(entry) / entryUnitsPerCluster }
  /// The difference between the entries of adjacent clusters of the file.
  package var entryUnitsPerCluster: UInt64 { layout == .legacy ? UInt64(sectorsPerCluster) : 1 }
}
