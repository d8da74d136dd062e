/// The sizes of a disk and of its Parallels image.
public struct DiskFigures: Equatable, Sendable {
  /// Size of the disk, in bytes.
  public var virtualByteCount: UInt64
  /// Cluster size of the image, in bytes.
  public var clusterByteCount: UInt64
  /// The number of clusters of the disk.
  public var clusterCount: UInt64
  /// The number of clusters allocated in the image.
  public var allocatedClusterCount: Int
}
