import ParallelsFormat
import StreamIO

/// Writes the start of an image, before the first cluster of the disk: header, BAT and format extension.
struct TableWriter {
  let geometry: ImageGeometry
  /// The extension's cluster without its trailing zeros; nil if the geometry has no extension.
  let extensionStart: [UInt8]?
  let table: BlockAllocationTable

  /// Calls `body` with each piece of the bytes and its position in the file.
  func write(
    inUse: InUse, _ body: (UnsafeRawBufferPointer, UInt64) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    let end = geometry.dataOffsetClusters * geometry.clusterByteCount
    try withBuffer(byteCount: 1 << 20) { (piece) throws(ConversionError) in
      var offset: UInt64 = 0
      var index = 0
      while offset < end {
        let bytes = piece.part(..<Int(min(UInt64(piece.count), end - offset)))
        var filled = 0
        if offset == 0 {
          bytes.copyBytes(from: Header(geometry: geometry, inUse: inUse).encoded)
          filled = Header.byteCount
        }
        let entryByteCount = table.encode(from: index, into: bytes.part(filled...))
        index += entryByteCount / BlockAllocationTable.entryByteCount
        bytes.part((filled + entryByteCount)...).clear()
        try body(UnsafeRawBufferPointer(bytes), offset)
        offset += UInt64(bytes.count)
      }
    }
    try writeExtension(at: end, body)
  }

  private func writeExtension(
    at offset: UInt64, _ body: (UnsafeRawBufferPointer, UInt64) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    guard let extensionStart else { return }
    try extensionStart.span.bytes.withUnsafeBytes { (bytes) throws(ConversionError) in try body(bytes, offset) }
    let start = offset + UInt64(extensionStart.count)
    let rest = offset + geometry.clusterByteCount - start
    try ZeroBlock.forEachBlock(of: rest) { (block, done) throws(ConversionError) in try body(block, start + done) }
  }
}
