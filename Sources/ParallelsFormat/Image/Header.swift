/// The first 64 bytes of a Parallels image (specification, section "Header").
public struct Header: Equatable, Sendable {
  /// Size of the header, in bytes; the BAT follows immediately.
  public static let byteCount = 64
  /// `version`: the only value in use.
  public static let version: UInt32 = 2

  /// `flags`: the two bits that have a meaning.
  public struct Flags: OptionSet, Equatable, Sendable {
    /// The value of the field.
    public let rawValue: UInt32
    /// Accepts any value, keeping unknown bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// "Empty Image": all clusters are to be considered clear.
    public static let empty = Flags(rawValue: 1)
    /// A conversion between the layouts is in progress: the BAT may have entries in both units (ploop).
    public static let formatConversion = Flags(rawValue: 2)
  }

  /// `magic`.
  public var layout: Layout
  /// `heads`: disk geometry for the guest, which no reader uses.
  public var heads: UInt32
  /// `cylinders`: disk geometry for the guest, which no reader uses.
  public var cylinders: UInt32
  /// `tracks`: cluster size, in sectors; 1 to `FormatLimits.sectorsPerCluster`.
  public var sectorsPerCluster: UInt32
  /// `nb_bat_entries`: number of entries in the BAT; at most `FormatLimits.batEntryCount`.
  public var batEntryCount: UInt32
  /// `nb_sectors`: disk size, in sectors; at most `FormatLimits.sectorCount`.
  public var sectorCount: UInt64
  /// `in_use`.
  public var inUse: InUse
  /// `data_off`: start of the data area, in sectors; so often wrong in images that reading must not depend on it.
  public var dataOffsetSectors: UInt32
  /// `flags`.
  public var flags: Flags
  /// `ext_off`: position of the format extension, in sectors; 0 if absent.
  public var extensionOffsetSectors: UInt64

  /// Parses the 64 bytes at the start of `bytes`.
  ///
  /// - Throws: `truncated`, `unknownMagic`, `unknownVersion`, or the limit that a field exceeds.
  public init(parsing bytes: RawSpan) throws(FormatError) {
    guard bytes.byteCount >= Self.byteCount else {
      throw .truncated(.header, expected: UInt64(Self.byteCount), found: UInt64(bytes.byteCount))
    }
    guard let layout = Layout(magicOf: bytes) else { throw .unknownMagic }
    let version = bytes.littleEndian(UInt32.self, at: 16)
    guard version == Self.version else { throw .unknownVersion(version) }
    self.layout = layout
    heads = bytes.littleEndian(UInt32.self, at: 20)
    cylinders = bytes.littleEndian(UInt32.self, at: 24)
    sectorsPerCluster = bytes.littleEndian(UInt32.self, at: 28)
    batEntryCount = bytes.littleEndian(UInt32.self, at: 32)
    // Old writers left garbage in the high half, which is padding in the legacy layout.
    let sectors = bytes.littleEndian(UInt64.self, at: 36)
    sectorCount = layout == .legacy ? sectors & 0xFFFF_FFFF : sectors
    inUse = InUse(rawValue: bytes.littleEndian(UInt32.self, at: 44))
    dataOffsetSectors = bytes.littleEndian(UInt32.self, at: 48)
    flags = Flags(rawValue: bytes.littleEndian(UInt32.self, at: 52))
    extensionOffsetSectors = bytes.littleEndian(UInt64.self, at: 56)

    guard sectorsPerCluster != 0 else { throw .zeroClusterSize }
    guard sectorsPerCluster <= FormatLimits.sectorsPerCluster else {
      throw .clusterTooLarge(sectors: UInt64(sectorsPerCluster))
    }
    guard batEntryCount <= FormatLimits.batEntryCount else { throw .tableTooLong(entries: UInt64(batEntryCount)) }
    guard sectorCount <= FormatLimits.sectorCount else { throw .diskTooLarge(sectors: sectorCount) }
  }

  /// Creates a header for a disk of this geometry, with the same heads and cylinders as qemu-img.
  public init(geometry: ImageGeometry, inUse: InUse) {
    layout = geometry.layout
    heads = 16
    cylinders = UInt32(clamping: geometry.sectorCount / 512)  // 16 heads of 32 sectors
    sectorsPerCluster = geometry.sectorsPerCluster
    batEntryCount = UInt32(clamping: geometry.clusterCount)
    sectorCount = geometry.sectorCount
    self.inUse = inUse
    dataOffsetSectors = UInt32(clamping: geometry.dataOffsetClusters * UInt64(geometry.sectorsPerCluster))
    flags = []
    extensionOffsetSectors =
      geometry.extensionClusterCount > 0 ? geometry.dataOffsetClusters * UInt64(geometry.sectorsPerCluster) : 0
  }

  /// The header as its bytes stand in the file.
  public var encoded: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.byteCount)
    bytes.replaceSubrange(0..<Layout.magicByteCount, with: layout.magic.utf8)
    bytes.withUnsafeMutableBytes { buffer in
      buffer.store(littleEndian: Self.version, at: 16)
      buffer.store(littleEndian: heads, at: 20)
      buffer.store(littleEndian: cylinders, at: 24)
      buffer.store(littleEndian: sectorsPerCluster, at: 28)
      buffer.store(littleEndian: batEntryCount, at: 32)
      buffer.store(littleEndian: sectorCount, at: 36)
      buffer.store(littleEndian: inUse.rawValue, at: 44)
      buffer.store(littleEndian: dataOffsetSectors, at: 48)
      buffer.store(littleEndian: flags.rawValue, at: 52)
      buffer.store(littleEndian: extensionOffsetSectors, at: 56)
    }
    return bytes
  }
}

extension Header {
  /// Cluster size, in bytes.
  public var clusterByteCount: UInt64 { UInt64(sectorsPerCluster) * sectorByteCount }
  /// Start of the data area according to `data_off`, in bytes.
  public var dataByteOffset: UInt64 { UInt64(dataOffsetSectors) * sectorByteCount }
  /// Disk size, in bytes.
  public var virtualByteCount: UInt64 { sectorCount * sectorByteCount }
  /// Clusters of the disk; the BAT may have more entries, or fewer if it is damaged.
  public var clusterCount: UInt64 { sectorCount.dividedRoundingUp(by: UInt64(sectorsPerCluster)) }
  /// Size of header and BAT, in bytes; no cluster may lie before it.
  public var tableEndByteOffset: UInt64 {
    UInt64(Self.byteCount) + UInt64(batEntryCount) * UInt64(BlockAllocationTable.entryByteCount)
  }
  /// Position in the file of the cluster that a BAT entry points to, in bytes.
  public func hostByteOffset(ofEntry entry: UInt32) -> UInt64 {
    UInt64(entry) * layout.sectorsPerEntryUnit(sectorsPerCluster: sectorsPerCluster) * sectorByteCount
  }
}
