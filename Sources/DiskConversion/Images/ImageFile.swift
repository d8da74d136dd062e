import ParallelsFormat
import StreamIO

/// A Parallels image in a file as it stands there: header, BAT and format extension, none of them judged.
struct ImageFile {
  let file: DiskFile
  let header: Header
  /// The BAT and what is known about it; nil when the file ends inside it.
  let inspection: TableInspection?
  /// The format extension, or why it cannot be read; nil when the header names none.
  let formatExtension: FoundExtension?

  /// Reads all but the data; `stream` is at the start of `file`.
  init(_ file: DiskFile, stream: LookaheadStream, progress: ConversionProgress) throws(ConversionError) {
    self.file = file
    let reader = HeadReader(stream: stream, path: file.name, fileByteCount: file.byteCount)
    header = try reader.readHeader()
    inspection = header.tableEndByteOffset <= file.byteCount ? try reader.inspectTable(of: header) : nil
    formatExtension = try header.readExtension(from: file)
    if inspection != nil { progress.countRead(Int(clamping: header.tableEndByteOffset)) }
  }

  /// What is wrong with a file that ends inside its table.
  var truncation: FormatError { .truncated(.table, expected: header.tableEndByteOffset, found: file.byteCount) }

  /// Everything that is wrong with the extension, as far as that is seen without the table.
  var extensionProblems: [ExtensionProblem] {
    formatExtension.map { header.problems(of: $0, fileByteCount: file.byteCount) } ?? []
  }

  /// Where the extension's own cluster begins, in bytes; nil when it is not in the file.
  var extensionCluster: UInt64? {
    guard let place = ExtensionCluster(header: header)?.range, !place.isEmpty else { return nil }
    return place.lowerBound < file.byteCount ? place.lowerBound : nil
  }

  /// Where the clusters of the extension and of its bitmaps begin, in bytes, as far as they are in the file.
  var extensionClusters: [UInt64] {
    guard let extensionCluster else { return [] }
    return [extensionCluster] + bitmapsByThemselves.flatMap { storedClusters(of: $0) }
  }

  /// Clusters of the extension and of its bitmaps that share bytes with another in use: where they begin, in bytes.
  ///
  /// Goes over the whole table: ask once.
  func sharedExtensionClusters() -> Set<UInt64> {
    let clusters = extensionClusters
    guard let inspection, !clusters.isEmpty else { return [] }
    var shared: Set<UInt64> = []
    inspection.forEachHostSpaceProblem(extensionClusters: clusters) { problem in
      if case .extensionShared(let byteOffset) = problem { shared.insert(byteOffset) }
    }
    return shared
  }

  /// The dirty bitmaps of an extension that can be read; one whose bits lie in a cluster among `shared` is damaged.
  func bitmaps(shared: Set<UInt64>) -> [InspectedBitmap] {
    bitmapsByThemselves.map { found in
      let clusters = (extensionCluster.map { [$0] } ?? []) + storedClusters(of: found)
      var judged = found
      judged.problem = found.problem ?? clusters.first(where: shared.contains).map { .sharedCluster(byteOffset: $0) }
      return judged
    }
  }

  /// The dirty bitmaps, judged without the table.
  private var bitmapsByThemselves: [InspectedBitmap] {
    guard case .success(let readable) = formatExtension else { return [] }
    return readable.bitmaps(in: header, fileByteCount: file.byteCount)
  }

  private func storedClusters(of found: InspectedBitmap) -> [UInt64] {
    found.bitmap?.storedClusters(in: header, fileByteCount: file.byteCount) ?? []
  }
}
