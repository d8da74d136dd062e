/// Which blocks of a disk a dirty bitmap marks: what bitmaps are made from, and what is expected of them.
public struct DirtyBlocks: Sendable {
  /// A run of the disk, as long as can be, that is marked or is not.
  public struct Run: Equatable, Sendable {
    /// Which bytes of the disk.
    public var range: Range<Int>
    /// Whether it is marked.
    public var isDirty: Bool

    /// A run with all its fields.
    public init(_ range: Range<Int>, isDirty: Bool) {
      self.range = range
      self.isDirty = isDirty
    }
  }

  /// Length of the disk, in bytes.
  public let diskByteCount: Int
  /// Bytes of the disk that a bit stands for; the last one stands for what is left.
  public let granularity: Int
  /// The bits.
  public var bits: [Bool]

  /// A bitmap of a disk that marks all of it, or nothing.
  public init(diskByteCount: Int, granularity: Int, allDirty: Bool = false) {
    self.diskByteCount = diskByteCount
    self.granularity = granularity
    bits = [Bool](repeating: allDirty, count: (diskByteCount + granularity - 1) / granularity)
  }

  /// A bitmap that marks these blocks.
  public init(diskByteCount: Int, granularity: Int, marking blocks: some Sequence<Int>) {
    self.init(diskByteCount: diskByteCount, granularity: granularity)
    for block in blocks { bits[block] = true }
  }

  /// A bitmap of runs of single blocks, some and many, by chance.
  public static func random(
    diskByteCount: Int, granularity: Int, using generator: inout some RandomNumberGenerator
  ) -> DirtyBlocks {
    var blocks = DirtyBlocks(diskByteCount: diskByteCount, granularity: granularity)
    var isDirty = Bool.random(using: &generator)
    var block = 0
    while block < blocks.bits.count {
      let longest = [1, 20, 300, 20000].randomElement(using: &generator) ?? 1
      let end = min(block + Int.random(in: 1...longest, using: &generator), blocks.bits.count)
      if isDirty { for index in block..<end { blocks.bits[index] = true } }
      (block, isDirty) = (end, !isDirty)
    }
    return blocks
  }

  /// The runs of the whole disk, in order.
  public var runs: [Run] {
    bits.indices.reduce(into: []) { runs, block in
      let end = min((block + 1) * granularity, diskByteCount)
      if let last = runs.last, last.isDirty == bits[block] {
        runs[runs.count - 1].range = last.range.lowerBound..<end
      } else {
        runs.append(Run(block * granularity..<end, isDirty: bits[block]))
      }
    }
  }

  /// The marked runs alone.
  public var dirtyRanges: [Range<Int>] { runs.filter(\.isDirty).map(\.range) }

  /// What `old` becomes when the marked bytes are taken from `new`.
  public func refreshed(_ old: [UInt8], from new: [UInt8]) -> [UInt8] {
    var bytes = old
    for range in dirtyRanges { bytes.replaceSubrange(range, with: new[range]) }
    return bytes
  }
}

extension HandMadeImage {
  /// Adds the clusters of a bitmap at the end of the file; returns the bitmap, which an extension is to name.
  ///
  /// Chunks that are all 0 or all 1 get no cluster unless `storesAll`; the bits after the last one are `junk`.
  public mutating func appendBitmap(
    _ number: UInt8 = 1, of blocks: DirtyBlocks, storesAll: Bool = false, junk: Bool = false
  ) -> HandMadeBitmap {
    let bitsInChunk = clusterByteCount * 8
    // An entry of 1 is a chunk of ones, so a cluster at sector 1 can't be named.
    if contents.byteCount <= 512 { appendCluster([]) }
    var table: [UInt64] = []
    for start in stride(from: 0, to: blocks.bits.count, by: bitsInChunk) {
      var chunk = Array(blocks.bits[start..<min(start + bitsInChunk, blocks.bits.count)])
      if !storesAll, !chunk.contains(true) {
        table.append(0)
      } else if !storesAll, !chunk.contains(false) {
        table.append(1)
      } else {
        chunk += [Bool](repeating: junk, count: bitsInChunk - chunk.count)
        let set = chunk.indices.lazy.filter { chunk[$0] }
        table.append(appendCluster(HandMadeBitmap.bytes(settingBits: set, byteCount: clusterByteCount)))
      }
    }
    return HandMadeBitmap(
      number, sectorCount: UInt64(blocks.diskByteCount / 512), granularity: UInt32(blocks.granularity / 512),
      l1Table: table)
  }

  /// Adds an extension with these bitmaps, numbered from 1.
  public mutating func appendBitmaps(_ bitmaps: [DirtyBlocks], storesAll: Bool = false, junk: Bool = false) throws {
    let made = bitmaps.enumerated().map {
      appendBitmap(UInt8($0 + 1), of: $1, storesAll: storesAll, junk: junk)
    }
    try append(HandMadeExtension(bitmaps: made))
  }
}

extension HandMadeBitmap {
  /// The id as it is written, of the bitmap that `init` makes from `number`.
  public static func name(_ number: UInt8 = 1) -> String {
    HandMadeBitmap(number, sectorCount: 0, granularity: 1, l1Table: []).name
  }

  /// The id as it is written: 32 digits in five groups.
  public var name: String {
    var digits = id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()[...]
    return [8, 4, 4, 4, 12].map { count in
      defer { digits = digits.dropFirst(count) }
      return String(digits.prefix(count))
    }.joined(separator: "-")
  }
}
