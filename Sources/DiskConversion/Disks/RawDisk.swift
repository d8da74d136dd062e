import StreamIO

/// The disk in a raw file or on a device.
///
/// What is past the end of the file is zeros: the disk may be longer than the file.
struct RawDisk: Disk {
  let file: DiskFile
  let byteCount: UInt64

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    let dataStart = min(try file.dataStart(from: offset) ?? end, end)
    guard dataStart == offset else { return DiskExtent(offset..<dataStart, .zeros) }
    let dataEnd = file.file.dataEnd(from: offset, end: min(end, file.byteCount))
    return DiskExtent(offset..<dataEnd, .data, at: offset, in: file)
  }

  /// One piece, holes included: they read as zeros, and to ask where each one is takes longer than to read them.
  func pieces(of range: Range<UInt64>) -> [DiskExtent] {
    let stored = range.clamped(to: 0..<min(byteCount, file.byteCount))
    return stored.isEmpty ? [] : [DiskExtent(stored, .data, at: stored.lowerBound, in: file)]
  }
}
