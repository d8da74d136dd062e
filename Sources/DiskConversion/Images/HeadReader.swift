import ParallelsFormat
import StreamIO

/// Reads header and BAT, with which every image begins.
struct HeadReader {
  let stream: LookaheadStream
  let path: String
  /// Length of the file, in bytes; nil for a pipe.
  let fileByteCount: UInt64?

  func readHeader() throws(ConversionError) -> Header {
    let bytes = try converting(stream.next(Header.byteCount))
    guard !bytes.starts(with: GzipStream.magic) else { throw ConversionError(path, .isCompressed) }
    return try converting(path, Header(parsing: bytes.span.bytes))
  }

  /// Reads and inspects the BAT, which follows the header.
  ///
  /// - Throws: `format` if the image ends before its BAT does.
  func inspectTable(of header: Header) throws(ConversionError) -> TableInspection {
    try requireTable(of: header, found: fileByteCount ?? .max)
    var table = BlockAllocationTable(count: Int(header.batEntryCount))
    var index = 0
    while index < table.count {
      let entryCount = min(table.count - index, 1 << 18)  // 1 MiB
      let bytes = try converting(stream.next(entryCount * BlockAllocationTable.entryByteCount))
      try requireTable(
        of: header, found: bytes.count == entryCount * BlockAllocationTable.entryByteCount ? .max : stream.position)
      table.decode(bytes.span.bytes, at: index)
      index += entryCount
    }
    return TableInspection(header: header, table: table, fileByteCount: fileByteCount)
  }

  private func requireTable(of header: Header, found: UInt64) throws(ConversionError) {
    guard found < header.tableEndByteOffset else { return }
    throw ConversionError(path, .format(.truncated(.table, expected: header.tableEndByteOffset, found: found)))
  }
}
