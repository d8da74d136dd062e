import TestSupport
import Testing

/// An image that breaks a rule, and what has to come of it.
struct DamagedImage: Sendable, CustomTestStringConvertible {
  /// What `--salvage` makes of it.
  enum Salvage: Sendable {
    case refused
    /// Exit 2, every loss listed.
    case withLosses(SparseDisk)
    /// Exit 0: nothing is lost, but something is not right.
    case withWarning(SparseDisk)
  }

  var testDescription: String
  var file: SparseDisk
  /// What the message has to say; without `--salvage` all of these are refused.
  var refusal: [String]
  var salvage: Salvage
}

extension DamagedImage {
  static let places: [Int?] = [0, 1, nil, 2, 3]
  static let sectorCount = 9

  /// A sound image of five clusters of 1024 bytes, 5120 bytes long, whose last cluster is half in use.
  static func sound(_ magic: String = HandMadeImage.extendedMagic) -> HandMadeImage {
    HandMadeImage(magic, places: places, sectorCount: sectorCount)
  }

  /// The disk in it, with zeros in these ranges.
  static func disk(zeros: Range<Int>...) -> SparseDisk {
    var disk = HandMadeImage.disk(places: places, sectorCount: sectorCount)
    for range in zeros { disk.putZeros(range) }
    return disk
  }

  private static func changed(
    _ magic: String, _ change: (inout HandMadeImage) -> Void
  ) -> SparseDisk {
    var image = sound(magic)
    change(&image)
    return image.file
  }

  /// What no option makes readable.
  static let hopeless: [DamagedImage] = [
    .init("bad magic", ["not a Parallels image"]) { $0.magic = "WithoutFreeSpacE" },
    .init("version 3", ["version 3"]) { $0.version = 3 },
    .init("version 0", ["version 0"]) { $0.version = 0 },
    .init("no cluster size", ["cluster size is 0"]) { $0.sectorsPerCluster = 0 },
    .init("too large a cluster", ["4186128 sectors"]) { $0.sectorsPerCluster = 4_186_128 },
    .init("largest number of sectors in a cluster", ["4294967295 sectors"]) { $0.sectorsPerCluster = .max },
    .init("BAT longer than the file", ["inside the BAT", "40064 bytes", "5120"]) { $0.entryCount = 10_000 },
    .init("too long a BAT", ["536870912 entries"]) { $0.entryCount = 536_870_912 },
    .init("longest BAT that 32 bits name", ["4294967295 entries"]) { $0.entryCount = .max },
    .init("longest legal BAT in a short file", ["inside the BAT", "2147483708 bytes"]) { $0.entryCount = 536_870_911 },
    .init("change of layout under way", ["flags bit 1"]) {
      $0.flags = 2
      $0.inUse = HandMadeImage.open
    },
    .init("disk of more bytes than 64 bits count", ["sectors"]) { $0.sectorCount = .max },
    .init("empty file", ["inside the header", "64 bytes", "has 0"]) { $0.contents.resize(to: 0) },
    .init("file of one byte", ["inside the header", "has 1"]) { $0.contents.resize(to: 1) },
    .init("file of 63 bytes", ["inside the header", "has 63"]) { $0.contents.resize(to: 63) },
    .init("file of the header alone", ["inside the BAT", "84 bytes", "has 64"]) { $0.contents.resize(to: 64) },
    .init("file that ends in the last entry", ["inside the BAT", "has 83"]) { $0.contents.resize(to: 83) },
  ]

  private init(_ name: String, _ refusal: [String], _ change: (inout HandMadeImage) -> Void) {
    self.init(
      testDescription: name, file: Self.changed(HandMadeImage.extendedMagic, change), refusal: refusal,
      salvage: .refused)
  }

  private init(
    _ name: String, magic: String = HandMadeImage.extendedMagic, _ refusal: [String], _ salvage: Salvage,
    _ change: (inout HandMadeImage) -> Void
  ) {
    self.init(testDescription: name, file: Self.changed(magic, change), refusal: refusal, salvage: salvage)
  }

  /// What `--salvage` reads in part.
  static let inPartReadable: [DamagedImage] = [
    .init(
      "entry far past the end", ["BAT entry 1 (80)", "byte 81920", "5120 bytes"], .withLosses(disk(zeros: 1024..<2048))
    ) {
      $0.entries[1] = 80
    },
    .init("entry at the end", ["BAT entry 1 (5)", "byte 5120", "5120 bytes"], .withLosses(disk(zeros: 1024..<2048))) {
      $0.entries[1] = 5
    },
    .init(
      "last entry past the end", ["BAT entry 4 (6)", "byte 6144", "5120 bytes"], .withLosses(disk(zeros: 4096..<4608))
    ) {
      $0.entries[4] = 6
    },
    .init(
      "all entries past the end", ["BAT entry 0 (1)", "byte 1024", "84 bytes"], .withLosses(SparseDisk(byteCount: 4608))
    ) {
      $0.contents.resize(to: 84)
    },
    .init(
      "legacy entry past the end", magic: HandMadeImage.legacyMagic, ["BAT entry 3 (10)", "byte 5120", "5120 bytes"],
      .withLosses(disk(zeros: 3072..<4096))
    ) { $0.entries[3] = 10 },
    .init("entry of all ones", ["BAT entry 0", "0xFFFFFFFF"], .withLosses(disk(zeros: 0..<1024))) {
      $0.entries[0] = .max
    },
    .init(
      "legacy entry of all ones", magic: HandMadeImage.legacyMagic, ["BAT entry 0", "0xFFFFFFFF"],
      .withLosses(disk(zeros: 0..<1024))
    ) { $0.entries[0] = .max },
    .init(
      "cluster cut in its data", ["BAT entry 4 (4)", "byte 4096", "ends at byte 4196"],
      .withLosses(disk(zeros: 4196..<4608))
    ) {
      $0.contents.resize(to: 4196)
    },
    .init(
      "cluster cut one byte before its data ends", ["BAT entry 4 (4)", "byte 4096", "ends at byte 4607"],
      .withLosses(disk(zeros: 4607..<4608))
    ) { $0.contents.resize(to: 4607) },
    .init("two clusters cut", ["BAT entry 3", "byte 3072", "ends at byte 3500"], .withLosses(disk(zeros: 3500..<4608)))
    {
      $0.contents.resize(to: 3500)
    },
    .init("two entries for one cluster", ["BAT entry 3 (1)", "byte 1024", "BAT entry 0"], .withLosses(duplicated)) {
      $0.entries[3] = 1
    },
    .init(
      "legacy clusters that overlap", magic: HandMadeImage.legacyMagic,
      ["BAT entry 1 (3)", "byte 1536", "BAT entry 0"],
      .withLosses(overlapping)
    ) { $0.entries[1] = 3 },
    .init("BAT shorter than the disk", ["4 entries", "5 clusters"], .withLosses(disk(zeros: 4096..<4608))) {
      ($0.entryCount, $0.entries) = (4, Array($0.entries[..<4]))
    },
    .init("no BAT at all", ["0 entries", "5 clusters"], .withLosses(SparseDisk(byteCount: 4608))) {
      ($0.entryCount, $0.entries) = (0, [])
    },
    .init("not closed", ["not closed"], .withWarning(disk())) { $0.inUse = HandMadeImage.open },
    .init("flagged as empty, with data", ["flagged as empty"], .withWarning(disk())) { $0.flags = 1 },
    insideTable(HandMadeImage.extendedMagic), insideTable(HandMadeImage.legacyMagic),
  ]

  private static var duplicated: SparseDisk {
    var disk = disk()
    disk.put(Filling.cluster(0, byteCount: 1024), at: 3072)
    return disk
  }

  /// Cluster 1 begins with the second half of cluster 0, and the first of its own follows.
  private static var overlapping: SparseDisk {
    var disk = disk()
    disk.put(Array(Filling.cluster(0, byteCount: 1024)[512...]) + Filling.cluster(1, byteCount: 512), at: 1024)
    return disk
  }

  /// A BAT of two sectors, the second of which an entry names.
  private static func insideTable(_ magic: String) -> DamagedImage {
    let places = (0..<200).map { $0 % 3 == 0 ? $0 / 3 : nil }
    var image = HandMadeImage(magic, clusterByteCount: 512, places: places)
    image.entries[6] = 1
    var salvaged = HandMadeImage.disk(clusterByteCount: 512, places: places)
    salvaged.putZeros(6 * 512..<7 * 512)
    return DamagedImage(
      testDescription: "entry inside the BAT, \(magic)", file: image.file,
      refusal: ["BAT entry 6 (1)", "byte 512", "864 bytes"], salvage: .withLosses(salvaged))
  }
}
