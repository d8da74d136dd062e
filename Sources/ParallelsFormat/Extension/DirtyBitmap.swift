/// The parts of the disk that changed since a backup (specification, section "Dirty bitmaps feature").
///
/// There is one bit per `granularitySectors` sectors of the disk, starting at the least significant bit of each byte.
/// The bits lie in clusters of the data area, which an L1 table points to. The specification of 2015 gives an entry 64
/// bytes and an offset in bytes; images have 8 bytes and an offset in sectors, as does its newer text.
public struct DirtyBitmap: Equatable, Sendable {
  /// The magic of the bitmap's feature section.
  public static let magic: UInt64 = 0x2038_5FAE_252C_B34A
  /// Size, id, granularity and table length, which precede the table.
  static let headByteCount = 32
  static let entryByteCount = 8

  /// The meaning of an L1 entry for its chunk: the part of the bitmap that fits one cluster.
  public enum Chunk: Equatable, Sendable {
    /// Every bit is 0.
    case clean
    /// Every bit is 1.
    case dirty
    /// The bits are stored in the file, starting at this byte.
    case stored(byteOffset: UInt64)
  }

  /// `id`.
  public var id: BitmapID
  /// `size`: number of sectors that the bitmap covers, which is that of the disk.
  public var sectorCount: UInt64
  /// `granularity`: sectors per bit; a power of two.
  public var granularitySectors: UInt32
  /// `l1`: each entry is 0, 1, or the sector of the file where a cluster of bits begins.
  public var l1Table: [UInt64]

  /// Creates a bitmap from its fields.
  public init(id: BitmapID, sectorCount: UInt64, granularitySectors: UInt32, l1Table: [UInt64]) {
    self.id = id
    self.sectorCount = sectorCount
    self.granularitySectors = granularitySectors
    self.l1Table = l1Table
  }

  /// Creates a bitmap with no marks for the disk of an image with this geometry.
  public init(cleanFor geometry: ImageGeometry, id: BitmapID, granularitySectors: UInt32) {
    self.init(id: id, sectorCount: geometry.sectorCount, granularitySectors: granularitySectors, l1Table: [])
    let entryCount = Self.l1EntryCount(bitCount: bitCount, clusterByteCount: geometry.clusterByteCount)
    // No need to count beyond what fits a cluster: such an extension is refused as too long anyway.
    l1Table = [UInt64](repeating: 0, count: Int(min(entryCount, geometry.clusterByteCount)))
  }

  /// Parses the data of a feature section; `forEachProblem(in:fileByteCount:_:)` checks whether it fits its image.
  ///
  /// - Throws: `truncated` if the data ends before the fields or the table do.
  public init(parsing data: [UInt8]) throws(BitmapProblem) {
    let bytes = data.span.bytes
    guard bytes.byteCount >= Self.headByteCount else { throw .truncated(byteCount: data.count) }
    sectorCount = bytes.littleEndian(UInt64.self, at: 0)
    id = BitmapID(parsing: bytes, at: 8)
    granularitySectors = bytes.littleEndian(UInt32.self, at: 24)
    let entryCount = Int(bytes.littleEndian(UInt32.self, at: 28))
    guard entryCount <= (data.count - Self.headByteCount) / Self.entryByteCount else {
      throw .truncated(byteCount: data.count)
    }
    l1Table = []
    l1Table.reserveCapacity(entryCount)
    for index in 0..<entryCount {
      l1Table.append(bytes.littleEndian(UInt64.self, at: Self.headByteCount + index * Self.entryByteCount))
    }
  }

  /// The bitmap encoded as a feature section.
  public var section: FeatureSection {
    var data = sectorCount.littleEndianBytes + id.bytes + granularitySectors.littleEndianBytes
    data += UInt32(clamping: l1Table.count).littleEndianBytes
    for entry in l1Table { data += entry.littleEndianBytes }
    return FeatureSection(magic: Self.magic, data: data)
  }
}

extension DirtyBitmap {
  /// The number of bits in use; the remaining bits of the last byte and of the last cluster have no meaning.
  public var bitCount: UInt64 {
    granularitySectors == 0 ? 0 : sectorCount.dividedRoundingUp(by: UInt64(granularitySectors))
  }
  /// Bytes of the disk per bit.
  public var granularityByteCount: UInt64 { UInt64(granularitySectors) * sectorByteCount }

  /// The contents of chunk `index`, according to the table.
  ///
  /// For a bitmap that is entirely clean, ploop writes no table.
  public func chunk(_ index: Int) -> Chunk {
    guard index < l1Table.count else { return .clean }
    return switch l1Table[index] {
    case 0: .clean
    case 1: .dirty
    case let sectors: .stored(byteOffset: sectors.multipliedReportingOverflow(by: sectorByteCount).partialValue)
    }
  }

  /// The number of L1 entries needed for `bitCount` bits; the cluster size is in bytes.
  public static func l1EntryCount(bitCount: UInt64, clusterByteCount: UInt64) -> UInt64 {
    bitCount.dividedRoundingUp(by: 8).dividedRoundingUp(by: clusterByteCount)
  }

  /// Calls `body` with every rule that the bitmap breaks in an image with this header; the file size is in bytes.
  ///
  /// The length of the table, and how much of its last cluster is used, are checked only if size and granularity are
  /// right.
  public func forEachProblem(in header: Header, fileByteCount: UInt64, _ body: (BitmapProblem) -> Void) {
    if sectorCount != header.sectorCount { body(.wrongSize(sectors: sectorCount, diskSectors: header.sectorCount)) }
    if granularitySectors.nonzeroBitCount != 1 { body(.wrongGranularity(sectors: granularitySectors)) }
    let expected = Self.l1EntryCount(bitCount: bitCount, clusterByteCount: header.clusterByteCount)
    let hasShape = sectorCount == header.sectorCount && granularitySectors.nonzeroBitCount == 1
    if hasShape, !l1Table.isEmpty, UInt64(l1Table.count) != expected {
      body(.wrongTableSize(entries: l1Table.count, expected: expected))
    }
    for (index, sectors) in l1Table.enumerated() where sectors > 1 {
      let needed = hasShape ? chunkByteCount(index, clusterByteCount: header.clusterByteCount) : 1
      if let reason = chunkProblem(sectors: sectors, needed: needed, header: header, fileByteCount: fileByteCount) {
        body(.misplacedChunk(l1Index: index, sectors: sectors, reason: reason))
      }
    }
  }

  /// Where the clusters of bits begin, in bytes, leaving out those outside a file of `fileByteCount` bytes.
  public func storedClusters(in header: Header, fileByteCount: UInt64) -> [UInt64] {
    l1Table.filter { $0 > 1 && header.clusterPlaceProblem(sectors: $0) == nil }.map { $0 * sectorByteCount }
      .filter { $0 < fileByteCount }
  }

  /// Bytes of the bitmap in chunk `index`: a full cluster, less for the last chunk, and 0 after it.
  private func chunkByteCount(_ index: Int, clusterByteCount: UInt64) -> UInt64 {
    let start = UInt64(index) * clusterByteCount
    let end = bitCount.dividedRoundingUp(by: 8)
    return min(clusterByteCount, end - min(start, end))
  }

  /// Why a chunk of `needed` bytes can't begin at this sector of the file; nil if it can.
  private func chunkProblem(sectors: UInt64, needed: UInt64, header: Header, fileByteCount: UInt64) -> String? {
    if let reason = header.clusterPlaceProblem(sectors: sectors) { return reason }
    let end = sectors * sectorByteCount + needed
    return end <= fileByteCount ? nil : "past the end of the file (\(fileByteCount) bytes)"
  }
}
