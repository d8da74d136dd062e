import ParallelsFormat
import StreamIO

/// Writes the start of an image, before the first cluster of the disk: header, BAT and format extension.
struct TableWriter {
  let geometry: ImageGeometry
  /// Nil if the geometry has no extension.
  let formatExtension: NewExtension?
  let table: BlockAllocationTable

  /// Completes the image in a file of `byteCount` bytes whose clusters are written: the header last.
  func complete(_ target: TargetFile, byteCount: UInt64, inUse: InUse) throws(ConversionError) -> WrittenImage {
    try write(inUse: .open) { (bytes, offset) throws(ConversionError) in try target.write(bytes, at: offset) }
    if target.file.kind == .regular { try target.truncate(to: byteCount) }
    try target.write(Header(geometry: geometry, inUse: inUse).encoded, at: 0)
    return WrittenImage(geometry: geometry, byteCount: byteCount, allocatedClusterCount: table.allocatedCount)
  }

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
    try formatExtension?.write(at: end, body)
  }
}
