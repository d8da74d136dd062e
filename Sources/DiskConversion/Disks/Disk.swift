/// A disk that can be read at any offset.
///
/// For a disk that comes through a pipe, see `DiskInput`.
protocol Disk: Sendable {
  /// Size of the disk, in bytes.
  var byteCount: UInt64 { get }

  /// The extent that begins at `offset` and ends at `end` or earlier; what follows may be of the same kind.
  ///
  /// Takes time in proportion to the extent, not to the disk. `offset` is before `end`, and `end` within the disk.
  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent

  /// The first extent of data that begins at or after `offset`; nil if only zeros follow.
  func data(from offset: UInt64) throws(ConversionError) -> DiskExtent?

  /// The extents in a range of the disk that hold data, in disk order; everything else in the range is zeros.
  func pieces(of range: Range<UInt64>) throws(ConversionError) -> [DiskExtent]
}

extension Disk {
  /// The extents of `range`, up to the end of the disk.
  func extents(in range: Range<UInt64>) -> DiskExtents {
    DiskExtents(in: range.clamped(to: 0..<byteCount)) { (offset, end) throws(ConversionError) in
      try extent(at: offset, upTo: end)
    }
  }

  func data(from offset: UInt64) throws(ConversionError) -> DiskExtent? {
    var position = offset
    while position < byteCount {
      let extent = try extent(at: position, upTo: byteCount)
      guard extent.contents != .data else { return extent }
      position = extent.guestEnd
    }
    return nil
  }

  func pieces(of range: Range<UInt64>) throws(ConversionError) -> [DiskExtent] {
    var pieces: [DiskExtent] = []
    var extents = extents(in: range)
    while let extent = try extents.next() {
      if extent.contents == .data { pieces.append(extent) }
    }
    return pieces
  }

  /// Fills `buffer` with the bytes of the disk at `offset`; after the end of the disk they are zeros.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(ConversionError) {
    try pieces(of: offset..<offset + UInt64(buffer.count)).read(into: buffer, of: offset)
  }
}

extension DiskExtent {
  /// Reads the extent into its place in `buffer`, which begins at `guestStart` on the disk.
  func read(into buffer: UnsafeMutableRawBufferPointer, of guestStart: UInt64) throws(ConversionError) {
    guard let file, let hostOffset else { return }
    let start = Int(guestOffset - guestStart)
    try file.read(into: buffer.part(start..<start + Int(byteCount)), at: hostOffset)
  }
}

extension [DiskExtent] {
  /// Reads the pieces into `buffer`, which begins at `guestStart` on the disk, and fills the rest with zeros.
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
