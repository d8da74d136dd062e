/// The size of a disk, and of what a Parallels image has of it.
public struct DiskFigures: Equatable, Sendable {
  /// Size of the disk, in bytes.
  public var virtualByteCount: UInt64
  /// Cluster size of the image, in bytes.
  public var clusterByteCount: UInt64
  /// Clusters of the disk.
  public var clusterCount: UInt64
  /// Clusters that the image has allocated.
  public var allocatedClusterCount: Int
}
