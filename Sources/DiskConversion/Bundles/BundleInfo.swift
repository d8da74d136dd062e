import ParallelsBundle
import ParallelsFormat
import StreamIO

/// What a bundle contains, without judging its images.
public struct BundleInfo: Equatable, Sendable {
  /// One image of a storage.
  public struct Image: Equatable, Sendable {
    /// The GUID of its snapshot.
    public var id: String
    /// The file, as the descriptor names it.
    public var fileName: String
    /// Whether it holds the raw bytes of the storage; nil if it can't be opened.
    public var isRaw: Bool?
    /// Cluster size, in bytes; nil for a raw image.
    public var clusterByteCount: UInt64?
    /// The number of allocated clusters; nil for a raw image, or if the file ends inside its BAT.
    public var allocatedClusterCount: Int?
    /// Whether it was not closed; nil if it can't be opened.
    public var isOpen: Bool?
  }

  /// A range of the disk, and its images.
  public struct Storage: Equatable, Sendable {
    /// The range, in bytes of the disk.
    public var range: Range<UInt64>
    /// The images, in the order of the descriptor.
    public var images: [Image]
  }

  /// A state of the disk.
  public struct Snapshot: Equatable, Sendable {
    /// Its GUID.
    public var id: String
    /// The GUID of the state that it began from, or nil.
    public var parent: String?
    /// Whether it is the current state.
    public var isCurrent: Bool
  }

  /// The bundle as the user named it.
  public var name: String
  /// Size of the disk, in bytes.
  public var virtualByteCount: UInt64
  /// Length of all its images, in bytes.
  public var fileByteCount: UInt64 = 0
  /// Bytes that they occupy on their file systems.
  public var storedByteCount: UInt64 = 0
  /// The GUID of the current state; nil if it is not known.
  public var current: String?
  /// The snapshots, in the order of the descriptor.
  public var snapshots: [Snapshot]
  /// The storages, in the order of the disk.
  public var storages: [Storage] = []
  /// Images in the folder that the descriptor does not list.
  public var unlistedFiles: [String]

  /// Cluster size of the current state's topmost image, in bytes.
  public var clusterByteCount: UInt64? { currentImage?.clusterByteCount }
  /// Whether the current state's topmost image was not closed.
  public var isOpen: Bool { currentImage?.isOpen ?? false }

  private var currentImage: Image? { storages.first?.images.first { $0.id == current } }

  init(_ bundle: BundleFolder, control: ConversionControl) throws(ConversionError) {
    name = bundle.name
    virtualByteCount = bundle.descriptor.byteCount
    let current = try? bundle.tree.current()
    self.current = current?.description
    snapshots = bundle.descriptor.snapshots.map {
      Snapshot(id: $0.id.description, parent: $0.parent?.description, isCurrent: $0.id == current)
    }
    unlistedFiles = try bundle.unlistedFiles()
    for warning in bundle.warnings { control.events.report(.warning(path: name, warning.description)) }
    for storage in bundle.descriptor.storages {
      var images: [Image] = []
      for listed in storage.images {
        do throws(ConversionError) {
          let image = try BundleImage(listed, of: storage, in: bundle, control: control)
          images.append(Image(image))
          fileByteCount.addSaturating(image.file.byteCount)
          storedByteCount.addSaturating(try image.file.storedByteCount())
        } catch {
          images.append(Image(id: listed.id.description, fileName: listed.file))
          control.events.report(.warning(path: error.path, error.reason))
        }
      }
      storages.append(Storage(range: storage.range, images: images))
    }
  }
}

extension BundleInfo.Image {
  fileprivate init(_ image: BundleImage) {
    self.init(id: image.listed.id.description, fileName: image.listed.file)
    switch image.contents {
    case .raw: (isRaw, isOpen) = (true, false)
    case .expandable(let file):
      (isRaw, isOpen) = (false, file.header.inUse == .open)
      clusterByteCount = file.header.clusterByteCount
      allocatedClusterCount = file.inspection?.allocatedCount
    }
  }
}

/// What a Parallels disk says about itself: an image, or a bundle.
public enum ParallelsInfo: Equatable, Sendable {
  /// A single image.
  case image(ImageInfo)
  /// A bundle.
  case bundle(BundleInfo)

  /// Reads the description of an image or a bundle.
  ///
  /// - Throws: The errors of ``ImageInfo/read(_:control:)``; `bundle` if the descriptor is refused; `isPartOfBundle`.
  public static func read(
    _ input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl? = nil
  ) throws(ConversionError) -> ParallelsInfo {
    let control = try control.orNew()
    let opener = try DiskOpener(input, policy: policy, control: control)
    try opener.refusePart()
    guard let bundle = opener.bundle else { return .image(try ImageInfo.read(opener, control: control)) }
    return .bundle(try BundleInfo(bundle, control: control))
  }
}
