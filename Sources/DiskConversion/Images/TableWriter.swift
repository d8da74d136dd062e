import ParallelsFormat

/// Header and BAT as they stand at the start of an image, up to the data area.
struct TableWriter {
  let geometry: ImageGeometry
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
