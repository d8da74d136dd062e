/// The descriptor of a new disk with one image and without snapshots.
///
/// Elements, their order and the white space are those of Parallels Desktop's own descriptors, which bundles made by
/// other programs follow where they are known to be accepted.
public struct NewDescriptor: Equatable, Sendable {
  /// What the disk looks like to the firmware of an old guest.
  public struct Geometry: Equatable, Sendable {
    /// The number of heads.
    public var heads: UInt64
    /// Sectors per track.
    public var sectors: UInt64

    /// Creates a geometry; nil unless there are 1 to 255 heads and 1 to 63 sectors.
    public init?(heads: UInt64, sectors: UInt64) {
      guard 1...255 ~= heads, 1...63 ~= sectors else { return nil }
      self.init(knownHeads: heads, sectors: sectors)
    }

    private init(knownHeads heads: UInt64, sectors: UInt64) {
      self.heads = heads
      self.sectors = sectors
    }

    /// 16 heads of 32 sectors, as in all disks of Parallels Desktop.
    public static let standard = Geometry(knownHeads: 16, sectors: 32)
  }

  /// Size of the disk, in sectors.
  public var sectorCount: UInt64
  /// What the disk looks like to the firmware of an old guest.
  public var geometry: Geometry
  /// Cluster size, in sectors.
  public var clusterSectorCount: UInt64
  /// The UID of the disk, different for each disk of a virtual machine.
  public var uid: BundleID
  /// The name of the disk.
  public var name: String
  /// Whether the image has the raw bytes of the disk.
  public var isPlain: Bool
  /// The file of the image.
  public var fileName: String

  /// Creates a descriptor from its values.
  public init(
    sectorCount: UInt64, geometry: Geometry, clusterSectorCount: UInt64, uid: BundleID, name: String, isPlain: Bool,
    fileName: String
  ) {
    self.sectorCount = sectorCount
    self.geometry = geometry
    self.clusterSectorCount = clusterSectorCount
    self.uid = uid
    self.name = name
    self.isPlain = isPlain
    self.fileName = fileName
  }

  /// The text of the file, in UTF-8.
  public var text: String { "<?xml version='1.0' encoding='UTF-8'?>\n" + root.text() }
}

extension NewDescriptor {
  private var root: NewElement {
    NewElement(
      "Parallels_disk_image", attributes: " Version=\"1.0\"",
      [
        parameters,
        NewElement("StorageData", [storage]),
        NewElement("Snapshots", [NewElement("Shot", [Self.id, NewElement("ParentGUID", "{\(BundleID.null)}")])]),
      ])
  }

  private static let id = NewElement("GUID", "{\(BundleID.current)}")

  private var parameters: NewElement {
    NewElement(
      "Disk_Parameters",
      [
        NewElement("Disk_size", sectorCount),
        NewElement("Cylinders", sectorCount / (geometry.heads * geometry.sectors)),
        NewElement("PhysicalSectorSize", 4096),
        NewElement("LogicSectorSize", 512),
        NewElement("Heads", geometry.heads),
        NewElement("Sectors", geometry.sectors),
        NewElement("Padding", 0),
        NewElement(
          "Encryption", [NewElement("Engine", "{\(BundleID.null)}"), NewElement("Data", ""), NewElement("Salt", "")]),
        NewElement("UID", "{\(uid)}"),
        NewElement("Name", name),
        NewElement("Miscellaneous", Self.miscellaneous),
      ])
  }

  private static let miscellaneous: [NewElement] =
    [
      NewElement("CompatLevel", "level2"), NewElement("SuspendState", 0), NewElement("ChangeState", 0),
    ]
    + [
      "DupBlocksCnt", "CorruptBlocksCnt", "UnrefBlocksCnt", "OutOfDiskBlocksCnt", "BatOverlapBlocksCnt", "BlocksCnt",
      "TruncatedBlocksCnt", "ReferencedBlocksCnt",
    ].map { NewElement($0, 0) } + [NewElement("Bootable", 1), NewElement("ShutdownState", 0)]

  private var storage: NewElement {
    NewElement(
      "Storage",
      [
        NewElement("Start", 0),
        NewElement("End", sectorCount),
        NewElement("Blocksize", clusterSectorCount),
        NewElement(
          "Image", [Self.id, NewElement("Type", isPlain ? "Plain" : "Compressed"), NewElement("File", fileName)]),
      ])
  }
}

/// An element to be written.
private struct NewElement {
  private enum Contents {
    case text(String)
    case elements([NewElement])
  }

  private let name: String
  private let attributes: String
  private let contents: Contents

  init(_ name: String, attributes: String = "", _ elements: [NewElement]) {
    self.name = name
    self.attributes = attributes
    contents = .elements(elements)
  }

  init(_ name: String, _ text: String) {
    self.name = name
    attributes = ""
    contents = .text(text)
  }

  init(_ name: String, _ number: UInt64) { self.init(name, "\(number)") }

  /// The element with a newline at its end; each level is indented by four blanks.
  func text(indentation: String = "") -> String {
    switch contents {
    case .text(let text): "\(indentation)<\(name)\(attributes)>\(Self.escaped(text))</\(name)>\n"
    case .elements(let elements):
      "\(indentation)<\(name)\(attributes)>\n" + elements.map { $0.text(indentation: indentation + "    ") }.joined()
        + "\(indentation)</\(name)>\n"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      default: String(scalar)
      }
    }.joined()
  }
}
