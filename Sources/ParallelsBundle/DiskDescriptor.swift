/// What a bundle's `DiskDescriptor.xml` says.
public struct DiskDescriptor: Equatable, Sendable {
  /// A range of the disk, and the images that hold it, one for each snapshot.
  public struct Storage: Equatable, Sendable {
    /// The range, in bytes of the disk.
    public var range: Range<UInt64>
    /// Length of the range, in bytes.
    public var byteCount: UInt64 { range.upperBound - range.lowerBound }
    /// Cluster size, in bytes, or nil; if an image's header differs, the header is right.
    public var clusterByteCount: UInt64?
    /// The images, in the order of the descriptor.
    public var images: [Image]
  }

  /// An image file.
  public struct Image: Equatable, Sendable {
    /// The snapshot that it belongs to.
    public var id: BundleID
    /// Whether the descriptor says that the file holds the raw bytes of the storage.
    public var isPlain: Bool
    /// The file, as the descriptor names it.
    public var file: String
  }

  /// A state of the disk that can be restored, or the current one.
  public struct Snapshot: Equatable, Sendable {
    /// Its GUID, which its images share.
    public var id: BundleID
    /// The state that it began from; nil for none.
    public var parent: BundleID?
  }

  /// Size of the disk, in bytes.
  public var byteCount: UInt64
  /// The storages, in the order of the disk, without gaps.
  public var storages: [Storage]
  /// The snapshots, in the order of the descriptor.
  public var snapshots: [Snapshot]
  /// `TopGUID`, the current state; only Virtuozzo's `ploop` writes it.
  public var top: BundleID?

  /// The most bytes of a descriptor that are read.
  public static let byteLimit = 1 << 20
  static let imageLimit = 128
  static let storageLimit = 4096
  static let snapshotLimit = 1024

  /// Parses a descriptor from all bytes of its file.
  ///
  /// - Throws: The first problem that keeps the disk from being read, whatever state of it is wanted.
  public init(parsing bytes: [UInt8]) throws(BundleProblem) {
    guard bytes.count <= Self.byteLimit else {
      throw BundleProblem(.xml, "it has more than \(Self.byteLimit) bytes")
    }
    self = try DescriptorDecoder(root: XMLReader.read(bytes)).decode()
  }

  init(byteCount: UInt64, storages: [Storage], snapshots: [Snapshot], top: BundleID?) {
    self.byteCount = byteCount
    self.storages = storages
    self.snapshots = snapshots
    self.top = top
  }
}
