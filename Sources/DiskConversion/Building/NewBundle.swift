import ParallelsFormat
public import ParallelsBundle

/// The properties of a new bundle.
public struct NewBundle: Equatable, Sendable {
  /// Whether the disk is stored as raw bytes instead of as an expandable image.
  public var isPlain = false
  /// The bundle's UID; nil for a random one.
  public var uid: BundleID?
  /// Heads and sectors per track that the descriptor gives to the guest.
  public var geometry = NewDescriptor.Geometry.standard

  /// The size of a bundle's disk is a multiple of this, in bytes: then whole clusters and cylinders fill it exactly.
  public static let sizeUnitByteCount: UInt64 = 1 << 20
  /// Parallels Desktop creates no smaller disks, in bytes.
  static let leastByteCount: UInt64 = 64 << 20

  /// Creates the default properties.
  public init() {}

  /// The descriptor for a disk of this geometry whose image has the name `fileName`, in a bundle called `name`.
  func descriptor(of disk: ImageGeometry, name: String, fileName: String) -> NewDescriptor {
    NewDescriptor(
      sectorCount: disk.sectorCount, geometry: geometry, clusterSectorCount: UInt64(disk.sectorsPerCluster),
      uid: uid ?? .random(), name: name, isPlain: isPlain, fileName: fileName)
  }
}
