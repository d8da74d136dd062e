import ParallelsFormat
import StreamIO

/// Reads header and BAT, which stand at the start of every image.
struct HeadReader {
  let stream: LookaheadStream
  let path: String
  let fileByteCount: UInt64?

  func readHeader() throws(ConversionError) -> Header {
    let bytes = try next(Header.byteCount)
    guard !bytes.starts(with: GzipStream.magic) else { throw ConversionError(path, .isCompressed) }
    return try converting(path) { () throws(FormatError) in try Header(parsing: bytes.span.bytes) }
  }

  func readTable(of header: Header) throws(ConversionError) -> BlockAllocationTable {
    try require(header.tableEndByteOffset, found: fileByteCount ?? .max)
    var table = BlockAllocationTable(count: Int(header.batEntryCount))
    var index = 0
    while index < table.count {
      let entryCount = min(table.count - index, 1 << 18)  // 1 MiB
      let bytes = try next(entryCount * BlockAllocationTable.entryByteCount)
      guard bytes.count == entryCount * BlockAllocationTable.entryByteCount else {
        return try require(header.tableEndByteOffset, found: stream.position, table)
      }
      table.decode(bytes.span.bytes, at: index)
      index += entryCount
    }
    return table
  }

  /// Refuses a file that ends before its table does.
  @discardableResult
  private func require<Value>(
    _ expected: UInt64, found: UInt64, _ value: Value = ()
  ) throws(ConversionError) -> Value {
    guard found >= expected else {
      throw ConversionError(path, .format(.truncated(.table, expected: expected, found: found)))
    }
    return value
  }

  private func next(_ byteCount: Int) throws(ConversionError) -> [UInt8] {
    do throws(FileError) {
      return try stream.next(byteCount)
    } catch {
      throw ConversionError(error)
    }
  }
}
