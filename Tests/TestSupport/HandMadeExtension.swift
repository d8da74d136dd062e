/// A format extension made field by field, so that any of them can be wrong.
public struct HandMadeExtension: Sendable {
  /// The magic that its cluster begins with.
  public static let magic: UInt64 = 0xAB23_4CEF_23DC_EA87

  /// A feature section.
  public struct Section: Sendable {
    /// `magic`.
    public var magic: UInt64
    /// `flags`.
    public var flags: UInt64
    /// The data, padded with zeros to a multiple of 8 in the cluster.
    public var data: [UInt8]
    /// `data_size`, which need not be how many bytes there are.
    public var dataByteCount: UInt32
    /// `unused32`.
    public var unused: UInt32 = 0

    /// A sound section.
    public init(magic: UInt64, flags: UInt64 = 0, data: [UInt8]) {
      self.magic = magic
      self.flags = flags
      self.data = data
      dataByteCount = UInt32(data.count)
    }

    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(littleEndian: magic)
      bytes.append(littleEndian: flags)
      bytes.append(littleEndian: dataByteCount)
      bytes.append(littleEndian: unused)
      bytes += data
      return bytes + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
    }
  }

  /// `magic`.
  public var magic = Self.magic
  /// The MD5 in the cluster; nil for the right one.
  public var digest: [UInt8]?
  /// The sections, without the one that ends them.
  public var sections: [Section]
  /// What follows the sections; all zeros end them.
  public var end = Section(magic: 0, data: [])

  /// A sound extension.
  public init(_ sections: [Section]) { self.sections = sections }

  /// A sound extension of these bitmaps.
  public init(bitmaps: [HandMadeBitmap]) { self.init(bitmaps.map(\.section)) }

  /// The cluster as it stands in the file.
  public func cluster(byteCount: Int) throws -> [UInt8] {
    var body = (sections + [end]).flatMap(\.bytes)
    body += [UInt8](repeating: 0, count: max(0, byteCount - 24 - body.count))
    body.removeLast(body.count - (byteCount - 24))
    var bytes: [UInt8] = []
    bytes.append(littleEndian: magic)
    return try bytes + (digest ?? Shell.md5(of: body)) + body
  }
}

/// A dirty bitmap made field by field, so that any of them can be wrong.
public struct HandMadeBitmap: Sendable {
  /// The magic of its section.
  public static let magic: UInt64 = 0x2038_5FAE_252C_B34A

  /// `size`, in sectors.
  public var sectorCount: UInt64
  /// `id`, 16 bytes.
  public var id: [UInt8]
  /// `granularity`, in sectors.
  public var granularity: UInt32
  /// `l1_size`, which need not be how many entries there are.
  public var l1Count: UInt32
  /// The L1 table: 0, 1, or a sector of the file.
  public var l1Table: [UInt64]

  /// A bitmap whose id is made of `number` alone.
  public init(_ number: UInt8 = 1, sectorCount: UInt64, granularity: UInt32, l1Table: [UInt64]) {
    self.sectorCount = sectorCount
    id = (0..<16).map { number &* 16 &+ $0 }
    self.granularity = granularity
    l1Count = UInt32(l1Table.count)
    self.l1Table = l1Table
  }

  /// The bitmap as a feature section.
  public var section: HandMadeExtension.Section {
    var data: [UInt8] = []
    data.append(littleEndian: sectorCount)
    data += id
    data.append(littleEndian: granularity)
    data.append(littleEndian: l1Count)
    for entry in l1Table { data.append(littleEndian: entry) }
    return HandMadeExtension.Section(magic: Self.magic, data: data)
  }

  /// Bytes in which these bits are 1, the least significant bit of a byte first.
  public static func bytes(settingBits bits: some Sequence<Int>, byteCount: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    for bit in bits { bytes[bit / 8] |= 1 << (bit % 8) }
    return bytes
  }
}

extension HandMadeImage {
  /// Adds a cluster at the end of the file, with `bytes` at its start; returns the sector where it begins.
  @discardableResult
  public mutating func appendCluster(_ bytes: [UInt8]) -> UInt64 {
    let start = (contents.byteCount + clusterByteCount - 1) / clusterByteCount * clusterByteCount
    contents.resize(to: start + clusterByteCount)
    contents.put(bytes, at: start)
    return UInt64(start / 512)
  }

  /// Adds the cluster of a format extension at the end of the file, and lets the header name it.
  public mutating func append(_ made: HandMadeExtension) throws {
    extensionOffset = appendCluster(try made.cluster(byteCount: clusterByteCount))
  }
}

extension Shell {
  /// The MD5 of `bytes`, by a tool that is not ours.
  static func md5(of bytes: [UInt8]) throws -> [UInt8] {
    let folder = TemporaryFolder()
    try folder.write(bytes, to: "bytes")
    let tool = isInstalled("md5sum") ? "md5sum < bytes" : "md5 -q < bytes"
    let digits = try prepare(tool, in: folder).printed.prefix(32)
    let digest = stride(from: 0, to: 32, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    guard digest.count == 16 else { throw TestSupportError("\(tool): \(digits)") }
    return digest
  }
}
