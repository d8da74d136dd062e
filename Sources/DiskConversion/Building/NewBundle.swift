import ParallelsFormat
public import ParallelsBundle

/// The properties of a new bundle.
public struct NewBundle: Equatable, Sendable {
  /// Whether the disk is stored as raw bytes instead of as an expandable image.
  public var isPlain: Bool
  /// The bundle's UID; nil for a random one.
  public var uid: BundleID?
  /// Heads and sectors per track that the descriptor gives to the guest.
  public var geometry: NewDescriptor.Geometry

  /// The size of a bundle's disk is a multiple of this, in bytes: then whole clusters and cylinders fill it exactly.
  public static let sizeUnitByteCount: UInt64 = 1 << 20
  /// Parallels Desktop creates no smaller disks, in bytes.
  static let leastByteCount: UInt64 = 64 << 20

  /// Creates properties, by default those that Parallels Desktop most likely accepts.
  public init(isPlain: Bool = false, uid: BundleID? = nil, geometry: NewDescriptor.Geometry = .standard) {
    self.isPlain = isPlain
    self.uid = uid
    self.geometry = geometry
  }

  /// The descriptor for a disk of this geometry whose image has the name `fileName`, in a bundle called `name`.
  func descriptor(of disk: ImageGeometry, name: String, fileName: String) -> NewDescriptor {
    NewDescriptor(
      sectorCount: disk.sectorCount, geometry: geometry, clusterSectorCount: UInt64(disk.sectorsPerCluster),
      uid: uid ?? .random(), name: name, isPlain: isPlain, fileName: fileName)
  }
}
