/// The shape of an image to be written: everything of its header that follows from disk, cluster size and layout.
public struct ImageGeometry: Equatable, Sendable {
  /// Which layout to write.
  public let layout: Layout
  /// Cluster size, in sectors.
  public let sectorsPerCluster: UInt32
  /// Disk size, in sectors.
  public let sectorCount: UInt64
  /// Whether the first cluster of the data area is that of a format extension.
  public let hasExtension: Bool

  /// Checks the limits of the format, so that no image is begun that nobody could read.
  ///
  /// `byteCount` is the size of the disk, rounded up to whole sectors here because the format counts those.
  ///
  /// - Throws: Which limit the image would break.
  public init(
    layout: Layout, clusterByteCount: UInt64, byteCount: UInt64, hasExtension: Bool = false
  ) throws(FormatError) {
    guard clusterByteCount != 0 else { throw .zeroClusterSize }
    guard clusterByteCount % sectorByteCount == 0 else { throw .clusterNotSectors(byteCount: clusterByteCount) }
    let clusterSectors = clusterByteCount / sectorByteCount
    guard clusterSectors <= FormatLimits.sectorsPerCluster else { throw .clusterTooLarge(sectors: clusterSectors) }
    self.layout = layout
    self.hasExtension = hasExtension
    sectorsPerCluster = UInt32(clusterSectors)
    sectorCount = byteCount.dividedRoundingUp(by: sectorByteCount)
    guard sectorCount <= FormatLimits.sectorCount else { throw .diskTooLarge(sectors: sectorCount) }
    guard clusterCount <= FormatLimits.batEntryCount else { throw .tableTooLong(entries: clusterCount) }
    // Every cluster may come to be allocated, now or by the guest later, so the full file has to be in reach.
    let fileSectors = (firstHostCluster + clusterCount) * clusterSectors
    guard layout == .extended || fileSectors <= FormatLimits.legacySectorCount else {
      throw .tooLargeForLegacyLayout(sectors: fileSectors)
    }
  }

  /// Cluster size, in bytes.
  public var clusterByteCount: UInt64 { UInt64(sectorsPerCluster) * sectorByteCount }
  /// Entries of the BAT: exactly the clusters of the disk.
  public var clusterCount: UInt64 { sectorCount.dividedRoundingUp(by: UInt64(sectorsPerCluster)) }
  /// Where the data area begins, in clusters: header and BAT, rounded up.
  public var dataOffsetClusters: UInt64 {
    let tableBytes = UInt64(Header.byteCount) + clusterCount * UInt64(BlockAllocationTable.entryByteCount)
    return tableBytes.dividedRoundingUp(by: clusterByteCount)
  }
  /// Where the first cluster of the disk can lie, in clusters.
  ///
  /// The extension comes before all of them: qemu-img takes what lies after the last one for leaked, and cuts it off.
  public var firstHostCluster: UInt64 { dataOffsetClusters + (hasExtension ? 1 : 0) }
  /// The BAT entry for the cluster that lies `hostCluster` clusters from the start of the file.
  public func entry(forHostCluster hostCluster: UInt64) -> UInt32 {
    UInt32(clamping: hostCluster * entryUnitsPerCluster)
  }
  /// The cluster of the file that an entry made by `entry(forHostCluster:)` stands for.
  public func hostCluster(ofEntry entry: UInt32) -> UInt64 { UInt64(entry) / entryUnitsPerCluster }
  /// By how much the entries of clusters that follow each other in the file differ.
  package var entryUnitsPerCluster: UInt64 { layout == .legacy ? UInt64(sectorsPerCluster) : 1 }
}
