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

  /// Opens the image and reads all but the data.
  init(_ input: Endpoint, interrupt: Interrupt) throws(ConversionError) {
    let file = try input.openForReading()
    guard let fileByteCount = try converting({ () throws(IOError) in try file.byteCount() }) else {
      throw ConversionError(file.name, .isStream)
    }
    self.file = file
    self.fileByteCount = fileByteCount
    let stream = PeekingStream(FileStream(file, interrupt: interrupt))
    let reader = HeadReader(stream: stream, path: file.name, fileByteCount: fileByteCount)
    header = try reader.readHeader()
    table = header.tableEndByteOffset <= fileByteCount ? try reader.readTable(of: header) : nil
    formatExtension = try header.readExtension(from: file, fileByteCount: fileByteCount)
  }

  /// The table, which has to be there.
  func wholeTable() throws(ConversionError) -> BlockAllocationTable {
    if let table { return table }
    throw ConversionError(file.name, .format(truncation))
  }

  /// What is wrong with a file that ends inside its table.
  var truncation: FormatError {
    .truncated(.table, expected: header.tableEndByteOffset, found: fileByteCount)
  }

  /// The dirty bitmaps of an extension that can be read.
  var bitmaps: [InspectedBitmap] {
    guard case .success(let readable) = formatExtension else { return [] }
    return readable.bitmaps(in: header, fileByteCount: fileByteCount)
  }

  /// Everything that is wrong with the extension.
  var extensionProblems: [ExtensionProblem] {
    formatExtension.map { header.problems(of: $0, fileByteCount: fileByteCount) } ?? []
  }

  /// Where the clusters of the extension and of its bitmaps begin, in bytes, as far as they are in the file.
  var extensionClusters: [UInt64] {
    guard let place = ExtensionCluster(header: header)?.range, place.lowerBound < fileByteCount,
      !place.isEmpty
    else { return [] }
    return [place.lowerBound]
      + bitmaps.compactMap(\.bitmap).flatMap { bitmap in
        bitmap.storedClusters(in: header, fileByteCount: fileByteCount)
      }
  }
}
