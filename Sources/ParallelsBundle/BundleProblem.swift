/// Something wrong with a bundle as a whole: with its descriptor, its snapshots or its files.
public struct BundleProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The rule that is broken; the raw value is its word in reports.
  public enum Kind: String, Sendable, CaseIterable {
    /// The descriptor is not XML, or is larger or deeper than any real one.
    case xml = "descriptor-xml"
    /// It is not the descriptor of a disk, or one of another version.
    case version = "descriptor-version"
    /// A field that is needed is missing, or its value is not one.
    case field = "descriptor-field"
    /// The disk is encrypted.
    case encrypted = "descriptor-encrypted"
    /// The images are padded in a way that is not documented.
    case padding = "descriptor-padding"
    /// Logical sectors do not have 512 bytes.
    case sectorSize = "descriptor-sector-size"
    /// Another bundle holds the parent of the disk.
    case parentVolume = "descriptor-parent-volume"
    /// An operation on the snapshots was not finished.
    case unfinished = "descriptor-unfinished"
    /// An image has a type other than Compressed and Plain.
    case imageType = "descriptor-image-type"
    /// The storages do not cover the disk exactly once.
    case storage = "descriptor-storage"
    /// A file can't be a file of the bundle.
    case file = "descriptor-file"
    /// Two images have the same file, or one that of the descriptor.
    case sharedFile = "descriptor-file-shared"
    /// A snapshot or an image is listed twice.
    case duplicate = "snapshot-duplicate"
    /// The parents of a snapshot form a circle, or too long a chain.
    case chain = "snapshot-chain"
    /// The parent of a snapshot does not exist.
    case unknownParent = "snapshot-unknown-parent"
    /// A snapshot has no image in one of the storages.
    case missingImage = "snapshot-missing-image"
    /// No snapshot is known to be the current state.
    case noCurrentState = "snapshot-no-current"
    /// The state that was asked for does not exist.
    case unknownState = "snapshot-unknown"
    /// An image has a shorter disk than the one that it builds on.
    case shrunkImage = "snapshot-shorter-than-parent"
    /// A raw image is not the lowest of its chain, or does not have the length of its storage.
    case plainImage = "snapshot-plain-image"
    /// The current state is only a guess: it is the one that no other has as its parent.
    case guessedState = "snapshot-guessed-current"
    /// An image belongs to no snapshot.
    case orphan = "snapshot-orphan-image"
    /// The descriptor is missing or empty, and its backup was read instead.
    case backup = "descriptor-backup"
    /// The cluster size differs from that of the image, which is right.
    case clusterSize = "descriptor-cluster-size"
    /// The size of an image differs from that of its storage.
    case imageSize = "snapshot-image-size"
    /// The bundle's virtual machine seems to run.
    case running = "bundle-running"
    /// The bundle's folder holds images that the descriptor does not list.
    case unlistedFile = "bundle-unlisted-file"

    /// Whether the images hold other bytes than the disk, each by itself, too.
    public var changesBytes: Bool {
      switch self {
      case .encrypted, .padding, .sectorSize, .parentVolume, .unfinished: true
      default: false
      }
    }

    /// Whether the disk can be read all the same.
    public var isWarning: Bool {
      switch self {
      case .guessedState, .orphan, .backup, .clusterSize, .imageSize, .running, .unlistedFile: true
      default: false
      }
    }
  }

  /// The rule that is broken.
  public let kind: Kind
  /// What breaks it, without the name of the bundle.
  public let description: String

  /// A problem; `description` is one line.
  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
