import ParallelsFormat
import StreamIO

/// What stands at the start of an image, before the first cluster of the disk: header, BAT, format extension.
struct TableWriter {
  let geometry: ImageGeometry
  /// The extension's cluster, without the zeros at its end; nil where the geometry has none.
  let extensionStart: [UInt8]?
  /// Which cluster of the file each cluster of the disk has, 0 for none.
  let hostClusters: BlockAllocationTable

  /// Calls `body` with the bytes, piece by piece, and where in the file each piece begins.
  func write(
    inUse: InUse, _ body: (UnsafeRawBufferPointer, UInt64) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    let end = geometry.dataOffsetClusters * geometry.clusterByteCount
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
    defer { piece.deallocate() }
    var offset: UInt64 = 0
    var index = 0
    while offset < end {
      let count = Int(min(UInt64(piece.count), end - offset))
      var filled = 0
      if offset == 0 {
        piece.copyBytes(from: Header(geometry: geometry, inUse: inUse).encoded)
        filled = Header.byteCount
      }
      while filled < count, index < hostClusters.count {
        filled += encodeEntry(&index, into: piece, at: filled)
      }
      if filled < count { clear(piece[filled..<count]) }
      try body(UnsafeRawBufferPointer(rebasing: piece[..<count]), offset)
      offset += UInt64(count)
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

  /// Puts the next entry; returns its bytes.
  private func encodeEntry(_ index: inout Int, into piece: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    let host = hostClusters[index]
    let entry = host == 0 ? 0 : geometry.entry(forHostCluster: UInt64(host))
    piece.storeBytes(of: entry.littleEndian, toByteOffset: offset, as: UInt32.self)
    index += 1
    return BlockAllocationTable.entryByteCount
  }
}
