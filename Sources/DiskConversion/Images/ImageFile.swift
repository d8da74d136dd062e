import ParallelsFormat
import StreamIO

/// A Parallels image file: its header, BAT and format extension as stored, not judged yet.
struct ImageFile {
  let file: DiskFile
  let header: Header
  /// The inspected BAT; nil if the file ends inside it.
  let inspection: TableInspection?
  /// The format extension, or why it can't be read; nil if the header does not point to one.
  let formatExtension: FoundExtension?

  /// An image whose parts were read before.
  init(file: DiskFile, header: Header, inspection: TableInspection, formatExtension: FoundExtension?) {
    self.file = file
    self.header = header
    self.inspection = inspection
    self.formatExtension = formatExtension
  }

  /// Reads everything except the data; `stream` is at the start of `file`.
  init(_ file: DiskFile, stream: LookaheadStream, progress: ConversionProgress) throws(ConversionError) {
    self.file = file
    let reader = HeadReader(stream: stream, path: file.name, fileByteCount: file.byteCount)
    header = try reader.readHeader()
    inspection = header.tableEndByteOffset <= file.byteCount ? try reader.inspectTable(of: header) : nil
    formatExtension = try header.readExtension(from: file)
    if inspection != nil { progress.countRead(Int(clamping: header.tableEndByteOffset)) }
  }

  /// The problem of a file that ends inside its BAT.
  var truncation: FormatError { .truncated(.table, expected: header.tableEndByteOffset, found: file.byteCount) }

  /// Everything wrong with the extension that can be found without the BAT.
  var extensionProblems: [ExtensionProblem] {
    formatExtension.map { header.problems(of: $0, fileByteCount: file.byteCount) } ?? []
  }

  /// Position of the extension's own cluster, in bytes; nil if it is not in the file.
  var extensionCluster: UInt64? {
    guard let place = ExtensionCluster(header: header)?.range, !place.isEmpty else { return nil }
    return place.lowerBound < file.byteCount ? place.lowerBound : nil
  }

  /// Positions of the clusters of the extension and of its bitmaps, in bytes, leaving out those not in the file.
  var extensionClusters: [UInt64] {
    guard let extensionCluster else { return [] }
    return [extensionCluster] + bitmapsByThemselves.flatMap { storedClusters(of: $0) }
  }

  /// Positions, in bytes, of clusters of the extension and its bitmaps that share bytes with other clusters in use.
  ///
  /// Scans the whole BAT on each call.
  func sharedExtensionClusters() -> Set<UInt64> {
    let clusters = extensionClusters
    guard let inspection, !clusters.isEmpty else { return [] }
    var shared: Set<UInt64> = []
    inspection.forEachHostSpaceProblem(extensionClusters: clusters) { problem in
      if case .extensionShared(let byteOffset) = problem { shared.insert(byteOffset) }
    }
    return shared
  }

  /// The dirty bitmaps of a readable extension; a bitmap with bits in one of the `shared` clusters is damaged.
  func bitmaps(shared: Set<UInt64>) -> [InspectedBitmap] {
    bitmapsByThemselves.map { found in
      let clusters = (extensionCluster.map { [$0] } ?? []) + storedClusters(of: found)
      var judged = found
      judged.problem = found.problem ?? clusters.first(where: shared.contains).map { .sharedCluster(byteOffset: $0) }
      return judged
    }
  }

  /// The dirty bitmaps, judged without the BAT.
  private var bitmapsByThemselves: [InspectedBitmap] {
    guard case .success(let readable) = formatExtension else { return [] }
    return readable.bitmaps(in: header, fileByteCount: file.byteCount)
  }

  private func storedClusters(of found: InspectedBitmap) -> [UInt64] {
    found.bitmap?.storedClusters(in: header, fileByteCount: file.byteCount) ?? []
  }
}
