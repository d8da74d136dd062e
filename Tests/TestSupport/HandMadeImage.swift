/// A Parallels image made field by field, so that any of them can be wrong.
public struct HandMadeImage: Sendable {
  /// The magic of the layout whose entries count clusters.
  public static let extendedMagic = "WithouFreSpacExt"
  /// The magic of the layout whose entries count sectors.
  public static let legacyMagic = "WithoutFreeSpace"
  /// `in_use` of an image that is closed.
  public static let closed: UInt32 = 0x312E_3276
  /// `in_use` of an image that somebody has open.
  public static let open: UInt32 = 0x746F_6E59

  /// `magic`, 16 characters.
  public var magic: String
  /// `version`.
  public var version: UInt32 = 2
  /// `heads`.
  public var heads: UInt32 = 16
  /// `cylinders`.
  public var cylinders: UInt32 = 0
  /// `tracks`: sectors in a cluster.
  public var sectorsPerCluster: UInt32
  /// `nb_bat_entries`, which need not be how many there are.
  public var entryCount: UInt32
  /// `nb_sectors`, with what the legacy layout ignores in its upper half.
  public var sectorCount: UInt64
  /// `in_use`.
  public var inUse = Self.closed
  /// `data_off`, in sectors.
  public var dataOffset: UInt32
  /// `flags`.
  public var flags: UInt32 = 0
  /// `ext_off`, in sectors.
  public var extensionOffset: UInt64 = 0
  /// The BAT.
  public var entries: [UInt32]
  /// The file after header and BAT; its length is that of the file.
  public var contents: SparseDisk

  /// A sound image.
  ///
  /// Cluster `i` of the disk lies at place `places[i]` of the data area, or is not allocated; it holds
  /// `Filling.cluster(i)`. The disk has `sectorCount` sectors, or whole clusters.
  public init(
    _ magic: String = Self.extendedMagic, clusterByteCount size: Int = 1024, places: [Int?], sectorCount: Int? = nil
  ) {
    let sectors = size / 512
    let headClusters = (64 + 4 * places.count + size - 1) / size
    self.magic = magic
    sectorsPerCluster = UInt32(sectors)
    entryCount = UInt32(places.count)
    self.sectorCount = UInt64(sectorCount ?? places.count * sectors)
    dataOffset = UInt32(headClusters * sectors)
    let unit = magic == Self.legacyMagic ? sectors : 1
    entries = places.map { place in place.map { UInt32((headClusters + $0) * unit) } ?? 0 }
    contents = SparseDisk(byteCount: (headClusters + (places.compactMap { $0 }.max() ?? -1) + 1) * size)
    for (cluster, place) in places.enumerated() {
      guard let place else { continue }
      contents.put(Filling.cluster(cluster, byteCount: size), at: (headClusters + place) * size)
    }
  }

  /// Bytes in a cluster.
  public var clusterByteCount: Int { Int(sectorsPerCluster) * 512 }

  /// Where a BAT entry points to in the file, in bytes.
  public func byteOffset(ofEntry entry: UInt32) -> Int {
    Int(entry) * (magic == Self.legacyMagic ? 512 : clusterByteCount)
  }

  /// The header and the entries.
  public var head: [UInt8] {
    var bytes = Array(magic.utf8)
    for field in [version, heads, cylinders, sectorsPerCluster, entryCount] { bytes.append(littleEndian: field) }
    bytes.append(littleEndian: sectorCount)
    for field in [inUse, dataOffset, flags] { bytes.append(littleEndian: field) }
    bytes.append(littleEndian: extensionOffset)
    for entry in entries { bytes.append(littleEndian: entry) }
    return bytes
  }

  /// The whole file.
  public var file: SparseDisk {
    var file = contents
    file.put(head, at: 0)
    return file
  }

  /// The disk that the image was made for: cluster `i` holds its filling where `places[i]` is not nil.
  public static func disk(clusterByteCount size: Int = 1024, places: [Int?], sectorCount: Int? = nil) -> SparseDisk {
    var disk = SparseDisk(byteCount: (sectorCount ?? places.count * size / 512) * 512)
    for (cluster, place) in places.enumerated() where place != nil {
      disk.put(Filling.cluster(cluster, byteCount: size), at: cluster * size)
    }
    return disk
  }
}

extension [UInt8] {
  /// Adds `value`, least significant byte first.
  public mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }

  /// Puts `value` at `offset`, least significant byte first.
  public mutating func store(littleEndian value: some FixedWidthInteger, at offset: Int) {
    Swift.withUnsafeBytes(of: value.littleEndian) { bytes in
      replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
  }
}
