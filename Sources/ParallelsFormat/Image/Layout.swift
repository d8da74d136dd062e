/// Size of a sector in bytes, the unit in which the format counts disks and clusters.
public let sectorByteCount: UInt64 = 512

/// The two layouts of an image, which differ in the unit of the BAT entries.
///
/// The raw value is a short name for reports and options.
public enum Layout: String, Sendable, CaseIterable {
  /// BAT entries count clusters from the start of the file; written by Virtuozzo and qemu-img.
  case extended = "ext"
  /// BAT entries count sectors, and the disk has at most 2³² − 1 of them; written by Parallels Desktop and VirtualBox.
  case legacy

  /// Length of the magic at the start of an image, in bytes.
  public static let magicByteCount = 16

  /// The header's `magic`.
  public var magic: String {
    switch self {
    case .extended: "WithouFreSpacExt"
    case .legacy: "WithoutFreeSpace"
    }
  }

  /// The layout whose magic `bytes` begin with; nil if this is not the start of a Parallels image.
  public init?(magicOf bytes: RawSpan) {
    guard bytes.byteCount >= Self.magicByteCount else { return nil }
    let start = bytes.extracting(first: Self.magicByteCount)
    let match = Self.allCases.first { layout in
      layout.magic.utf8.enumerated().allSatisfy { start.littleEndian(UInt8.self, at: $0.offset) == $0.element }
    }
    guard let match else { return nil }
    self = match
  }

  /// Sectors per unit of a BAT entry.
  public func sectorsPerEntryUnit(sectorsPerCluster: UInt32) -> UInt64 {
    switch self {
    case .legacy: 1
    case .extended: UInt64(sectorsPerCluster)
    }
  }
}
