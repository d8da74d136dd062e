import StreamIO

/// The disk in a raw file or on a device.
///
/// The disk may be longer than the file; everything past its end is zeros.
struct RawDisk: Disk {
  let file: DiskFile
  let byteCount: UInt64
  /// Whether holes are read like data, because a file system could have data where it reports a hole.
  var readsHoles = false

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    let dataStart = min(try self.dataStart(from: offset) ?? end, end)
    return dataStart == offset ? data(at: offset, upTo: end) : DiskExtent(offset..<dataStart, .zeros)
  }

  /// Asks the system about each place once.
  func data(from offset: UInt64) throws(ConversionError) -> DiskExtent? {
    guard offset < byteCount, let start = try dataStart(from: offset), start < byteCount else { return nil }
    return data(at: start, upTo: byteCount)
  }

  private func dataStart(from offset: UInt64) throws(ConversionError) -> UInt64? {
    guard readsHoles else { return try file.dataStart(from: offset) }
    return offset < file.byteCount ? offset : nil
  }

  /// The data that begins at `start`, which is in no hole.
  private func data(at start: UInt64, upTo end: UInt64) -> DiskExtent {
    let end = min(end, file.byteCount)
    let dataEnd = readsHoles ? end : file.dataEnd(from: start, end: end)
    return DiskExtent(start..<dataEnd, .data, at: start, in: file)
  }

  /// A single piece, including holes: they read as zeros, and finding each one takes longer than reading them.
  func pieces(of range: Range<UInt64>) -> [DiskExtent] {
    let stored = range.clamped(to: 0..<min(byteCount, file.byteCount))
    return stored.isEmpty ? [] : [DiskExtent(stored, .data, at: stored.lowerBound, in: file)]
  }
}
