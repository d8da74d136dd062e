/// A disk that can be read at any place.
///
/// What comes through a pipe is not one: see `DiskInput`.
protocol Disk: Sendable {
  /// Size of the disk, in bytes.
  var byteCount: UInt64 { get }

  /// The extent that begins at `offset` and ends at `end` at the latest; it may be shorter than it could be.
  ///
  /// Takes time in the length of the extent, not in that of the disk. `offset` is before `end`, and `end` on the disk.
  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent

  /// Where the data of a range of the disk lies, in disk order; what no piece covers is zeros.
  func pieces(of range: Range<UInt64>) throws(ConversionError) -> [DiskExtent]
}

extension Disk {
  /// The extents of `range`, as far as the disk reaches.
  func extents(in range: Range<UInt64>) -> DiskExtents {
    DiskExtents(in: range.clamped(to: 0..<byteCount)) { (offset, end) throws(ConversionError) in
      try extent(at: offset, upTo: end)
    }
  }

  func pieces(of range: Range<UInt64>) throws(ConversionError) -> [DiskExtent] {
    var pieces: [DiskExtent] = []
    var extents = extents(in: range)
    while let extent = try extents.next() {
      if extent.contents == .data { pieces.append(extent) }
    }
    return pieces
  }

  /// Fills `buffer` with the bytes of the disk from `offset` on; past the end of the disk they are zeros.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(ConversionError) {
    try pieces(of: offset..<offset + UInt64(buffer.count)).read(into: buffer, of: offset)
  }
}

extension DiskExtent {
  /// Reads the bytes of the extent to their place in `buffer`, which is for the bytes of the disk from `guestStart` on.
  func read(into buffer: UnsafeMutableRawBufferPointer, of guestStart: UInt64) throws(ConversionError) {
    guard let file, let hostOffset else { return }
    let start = Int(guestOffset - guestStart)
    try file.read(into: buffer.part(start..<start + Int(byteCount)), at: hostOffset)
  }
}

extension [DiskExtent] {
  /// Fills `buffer`, which is for the bytes of the disk from `guestStart` on: what no piece covers is zeros.
  func read(into buffer: UnsafeMutableRawBufferPointer, of guestStart: UInt64) throws(ConversionError) {
    var end = guestStart
    for piece in self {
      buffer.part(Int(end - guestStart)..<Int(piece.guestOffset - guestStart)).clear()
      try piece.read(into: buffer, of: guestStart)
      end = piece.guestEnd
    }
    buffer.part(Int(end - guestStart)...).clear()
  }
}
