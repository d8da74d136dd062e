import TestSupport
import Testing

/// A sound image whose format extension breaks a rule, and what `check` has to call it.
struct DamagedExtension: Sendable, CustomTestStringConvertible {
  /// What a test changes before the extension is added, and the rest of it.
  struct Parts {
    var image: HandMadeImage
    /// Two bitmaps of one chunk each, in clusters of their own.
    var bitmaps: [HandMadeBitmap]
    var made = HandMadeExtension([])
  }

  var testDescription: String
  /// `kind` of the problem.
  var kind: String
  /// Words of its message.
  var words: [String]
  /// How many of the bitmaps can't be believed.
  var damagedBitmapCount: Int
  private var magic: String
  private var prepare: @Sendable (inout Parts) throws -> Void
  private var finish: @Sendable (inout HandMadeImage) -> Void

  private init(
    _ name: String, _ kind: String, _ words: [String], _ magic: String = HandMadeImage.extendedMagic,
    damagedBitmaps: Int? = nil, prepare: @escaping @Sendable (inout Parts) throws -> Void = { _ in },
    finish: @escaping @Sendable (inout HandMadeImage) -> Void = { _ in }
  ) {
    (testDescription, self.kind, self.words, self.magic) = (name, kind, words, magic)
    damagedBitmapCount = damagedBitmaps ?? (kind.hasPrefix("bitmap-") ? 1 : 0)
    (self.prepare, self.finish) = (prepare, finish)
  }

  /// The image: five clusters in front, two of bits, and the extension's as the last one, at byte 7168.
  func image() throws -> HandMadeImage {
    var parts = try Self.sound(magic)
    try prepare(&parts)
    parts.made.sections = parts.bitmaps.map(\.section) + parts.made.sections
    try parts.image.append(parts.made)
    finish(&parts.image)
    return parts.image
  }

  /// The disk has 9 sectors: with a granularity of one sector, a bitmap has two bytes.
  static func sound(_ magic: String = HandMadeImage.extendedMagic) throws -> Parts {
    var image = DamagedImage.sound(magic)
    let bitmaps = [[0, 3, 8], [1]].enumerated().map { number, bits in
      let sector = image.appendCluster(HandMadeBitmap.bytes(settingBits: bits, byteCount: 2))
      return HandMadeBitmap(UInt8(number + 1), sectorCount: 9, granularity: 1, l1Table: [sector])
    }
    return Parts(image: image, bitmaps: bitmaps)
  }

  /// An image without a cluster whose header and BAT end inside the second cluster of the file.
  private static func longTable() -> HandMadeImage { HandMadeImage(places: [Int?](repeating: nil, count: 301)) }

  /// What makes the extension, or a part of it, unreadable.
  static let broken: [DamagedExtension] = [
    .init("in the header's cluster", "extension-place", ["sector 1:", "multiple"], finish: { $0.extensionOffset = 1 }),
    .init(
      "inside the BAT", "extension-place", ["sector 2:", "inside the header or BAT (1268 bytes)"],
      prepare: { ($0.image, $0.bitmaps) = (longTable(), []) }, finish: { $0.extensionOffset = 2 }),
    .init("past the end", "extension-place", ["sector 16:", "past the end"], finish: { $0.extensionOffset = 16 }),
    .init("past all files", "extension-place", ["far past"], finish: { $0.extensionOffset = .max }),
    .init(
      "before the data area", "extension-before-data", ["byte 7168", "before the data area (byte 8192)"],
      prepare: {
        $0.image.entries = [0, 0, 0, 0, 0]
        $0.bitmaps = [.init(1, sectorCount: 9, granularity: 1, l1Table: [0])]
        $0.image.dataOffset = 16
      }),
    .init("between two clusters", "extension-place", ["multiple"], finish: { $0.extensionOffset = 13 }),
    .init(
      "cut by the end", "extension-cut", ["8191 bytes"], finish: { $0.contents.resize(to: 8191) }),
    .init("another magic", "extension-magic", ["0x7"], prepare: { $0.made.magic = 7 }),
    .init(
      "another MD5", "extension-checksum", ["MD5"], prepare: { $0.made.digest = [UInt8](repeating: 0, count: 16) }),
    .init("a byte that changed", "extension-checksum", ["MD5"], finish: { $0.contents.put([1], at: 8191) }),
    .init(
      "a section that reaches past the cluster", "extension-section", ["byte 152"],
      prepare: {
        var section = HandMadeExtension.Section(magic: 7, data: [])
        section.dataByteCount = 900
        $0.made.sections = [section]
      }),
    .init(
      "an end with data", "extension-end", ["byte 152"], prepare: { $0.made.end.dataByteCount = 1 }),
    .init("an end with bytes after its size", "extension-end", ["byte 152"], prepare: { $0.made.end.unused = 1 }),
    .init("an end with flags", "extension-end", ["byte 152"], prepare: { $0.made.end.flags = 1 }),
    .init(
      "bitmap cut", "bitmap-cut", ["bitmap 2", "31 bytes"],
      prepare: { $0.made.sections = [.init(magic: HandMadeBitmap.magic, data: .init(repeating: 1, count: 31))] }),
    .init(
      "bitmap with a longer table than section", "bitmap-cut", ["bitmap 1"], prepare: { $0.bitmaps[1].l1Count = 2 }),
    .init(
      "bitmap of another size", "bitmap-size", ["bitmap 0", "10 sectors", "has 9"],
      prepare: { $0.bitmaps[0].sectorCount = 10 }),
    .init(
      "granularity 0", "bitmap-granularity", ["bitmap 0", "0 sectors"], prepare: { $0.bitmaps[0].granularity = 0 }),
    .init(
      "granularity 3", "bitmap-granularity", ["bitmap 1", "3 sectors"], prepare: { $0.bitmaps[1].granularity = 3 }),
    .init(
      "table of two entries", "bitmap-table-size", ["2 entries", "not 1"],
      prepare: { $0.bitmaps[1] = .init(2, sectorCount: 9, granularity: 1, l1Table: [0, 0]) }),
    .init(
      "chunk inside the BAT", "bitmap-table-entry", ["L1 entry 0 (sector 2)", "inside the header or BAT (1268 bytes)"],
      prepare: {
        $0.image = longTable()
        $0.bitmaps = [.init(1, sectorCount: 602, granularity: 128, l1Table: [2])]
      }),
    .init(
      "chunk before the data area", "extension-before-data", ["byte 5120", "before the data area (byte 7168)"],
      prepare: {
        $0.image.entries = [0, 0, 0, 0, 0]
        $0.bitmaps.removeLast()
        $0.image.dataOffset = 14
      }),
    .init(
      "chunk between two clusters", "bitmap-table-entry", ["L1 entry 0 (sector 11)", "multiple"],
      prepare: { $0.bitmaps[0].l1Table = [11] }),
    .init(
      "chunk past the end", "bitmap-table-entry", ["L1 entry 0 (sector 16)", "8192 bytes"],
      prepare: { $0.bitmaps[0].l1Table = [16] }),
    .init(
      "the same id twice", "bitmap-id", ["bitmap 1", "same ID"], prepare: { $0.bitmaps[1].id = $0.bitmaps[0].id }),
    .init(
      "extension in the BAT", "extension-shared", ["byte 7168"], damagedBitmaps: 2, finish: { $0.entries[1] = 7 }),
    .init(
      "bits in the BAT", "extension-shared", ["byte 5120"], damagedBitmaps: 1, finish: { $0.entries[2] = 5 }),
    .init(
      "two chunks in one cluster", "extension-shared", ["byte 5120"], damagedBitmaps: 2,
      prepare: { $0.bitmaps[1].l1Table = $0.bitmaps[0].l1Table }),
    .init(
      "a chunk that is the extension", "extension-shared", ["byte 7168"], damagedBitmaps: 2,
      prepare: { $0.bitmaps[1].l1Table = [14] }),
    .init(
      "bits that begin inside a cluster of the disk", "extension-shared", ["byte 1536"], HandMadeImage.legacyMagic,
      damagedBitmaps: 1,
      prepare: { $0.bitmaps[0].l1Table = [3] }),
  ]
}
