import ParallelsFormat
import StreamIO

/// A Parallels image in a file, looked at without being judged: what info, check and map have in common.
struct InspectedImage {
  let file: OpenFile
  let fileByteCount: UInt64
  let header: Header
  /// The table as it stands in the file; nil when the file ends inside it.
  let table: BlockAllocationTable?
  /// The format extension, or why it can't be read; nil when the header names none.
  let formatExtension: FoundExtension?
  /// From before the first byte was read.
  let watch: ChangeWatch
  /// Clusters of the extension and of its bitmaps that share bytes with another in use: where they begin, in bytes.
  private(set) var sharedExtensionClusters: Set<UInt64> = []

  /// Opens the image and reads all but the data.
  init(_ input: Endpoint, interrupt: Interrupt) throws(ConversionError) {
    let file = try input.openForReading()
    guard let fileByteCount = try converting({ () throws(FileError) in try file.byteCount() }) else {
      throw ConversionError(file.name, .isStream)
    }
    self.file = file
    watch = try ChangeWatch(file)
    self.fileByteCount = fileByteCount
    let stream = LookaheadStream(file, interrupt: interrupt)
    let reader = HeadReader(stream: stream, path: file.name, fileByteCount: fileByteCount)
    header = try reader.readHeader()
    table = header.tableEndByteOffset <= fileByteCount ? try reader.readTable(of: header) : nil
    formatExtension = try header.readExtension(from: file, fileByteCount: fileByteCount)
    sharedExtensionClusters = findSharedExtensionClusters()
  }

  /// What is wrong with a file that ends inside its table.
  var truncation: FormatError {
    .truncated(.table, expected: header.tableEndByteOffset, found: fileByteCount)
  }

  /// The dirty bitmaps of an extension that can be read; one whose bits lie in a cluster that is in use for something
  /// else, too, is damaged.
  var bitmaps: [InspectedBitmap] {
    let shared = sharedExtensionClusters
    return bitmapsByThemselves.map { found in
      let clusters = (extensionCluster.map { [$0] } ?? []) + storedClusters(of: found)
      let sharedCluster = clusters.first(where: shared.contains)
      var judged = found
      judged.problem = found.problem ?? sharedCluster.map { .sharedCluster(byteOffset: $0) }
      return judged
    }
  }

  /// The dirty bitmaps, judged without the table.
  private var bitmapsByThemselves: [InspectedBitmap] {
    guard case .success(let readable) = formatExtension else { return [] }
    return readable.bitmaps(in: header, fileByteCount: fileByteCount)
  }

  /// Where the extension's own cluster begins, in bytes; nil when it is not in the file.
  var extensionCluster: UInt64? {
    guard let place = ExtensionCluster(header: header)?.range, !place.isEmpty else { return nil }
    return place.lowerBound < fileByteCount ? place.lowerBound : nil
  }

  /// Where the clusters of the extension and of its bitmaps begin, in bytes, as far as they are in the file.
  var extensionClusters: [UInt64] {
    guard let extensionCluster else { return [] }
    return [extensionCluster] + bitmapsByThemselves.flatMap { storedClusters(of: $0) }
  }

  private func storedClusters(of found: InspectedBitmap) -> [UInt64] {
    found.bitmap?.storedClusters(in: header, fileByteCount: fileByteCount) ?? []
  }

  private func findSharedExtensionClusters() -> Set<UInt64> {
    let clusters = extensionClusters
    guard let table, !clusters.isEmpty else { return [] }
    var shared: Set<UInt64> = []
    inspection(of: table).forEachHostSpaceProblem(extensionClusters: clusters) { problem in
      if case .extensionShared(let byteOffset) = problem { shared.insert(byteOffset) }
    }
    return shared
  }

  /// What can be said of `table`, which is the image's.
  func inspection(of table: BlockAllocationTable) -> TableInspection {
    TableInspection(header: header, table: table, fileByteCount: fileByteCount)
  }
}
