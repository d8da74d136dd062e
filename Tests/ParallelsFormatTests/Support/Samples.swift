@testable import ParallelsFormat

extension Header {
  /// The header that `bytes` begin with.
  init(_ bytes: [UInt8]) throws(FormatError) { try self.init(parsing: bytes.span.bytes) }

  /// The header of a closed image with clusters of 8 sectors (4096 bytes), unless said otherwise.
  static func sample(
    _ layout: Layout = .extended, sectorsPerCluster: UInt32 = 8, clusters: UInt64, spareEntries: UInt32 = 0
  ) throws(FormatError) -> Header {
    let clusterByteCount = UInt64(sectorsPerCluster) * sectorByteCount
    let geometry = try ImageGeometry(
      layout: layout, clusterByteCount: clusterByteCount, byteCount: clusters * clusterByteCount)
    var header = Header(geometry: geometry, inUse: .closed)
    header.batEntryCount += spareEntries
    return header
  }
}

extension BlockAllocationTable {
  /// A table of just these entries.
  init(_ entries: [UInt32]) {
    self.init(count: entries.count)
    for (index, entry) in entries.enumerated() { self[index] = entry }
  }

  /// All entries, one by one.
  var allEntries: [UInt32] { (0..<count).map { self[$0] } }
}

/// What an inspection says of each entry that breaks a rule.
struct Finding: Equatable {
  var index: Int
  var kind: EntryProblem.Kind

  init(_ index: Int, _ kind: EntryProblem.Kind) {
    self.index = index
    self.kind = kind
  }
}

/// All that an inspection finds wrong with `table`, in the order in which it says so.
func findings(_ header: Header, _ table: BlockAllocationTable, fileByteCount: UInt64?) -> [Finding] {
  var found: [Finding] = []
  TableInspection(header: header, table: table, fileByteCount: fileByteCount)
    .forEachProblem { found.append(Finding($0.index, $0.kind)) }
  return found
}

extension [UInt8] {
  /// The bytes with one bit turned over.
  func flipping(_ bit: Int) -> [UInt8] {
    var bytes = self
    bytes[bit / 8] ^= 1 << (bit % 8)
    return bytes
  }
}

extension DirtyBitmap {
  /// Every rule that the bitmap breaks.
  func problems(in header: Header, fileByteCount: UInt64) -> [BitmapProblem] {
    var found: [BitmapProblem] = []
    forEachProblem(in: header, fileByteCount: fileByteCount) { found.append($0) }
    return found
  }
}

extension FormatExtension {
  /// The whole cluster of the extension.
  func encoded(clusterByteCount: Int) throws(ExtensionProblem) -> [UInt8] {
    let start = try encodedStart(clusterByteCount: UInt64(clusterByteCount))
    return start + [UInt8](repeating: 0, count: clusterByteCount - start.count)
  }
}
