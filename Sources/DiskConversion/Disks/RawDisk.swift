import StreamIO

/// The disk in a raw file or on a device.
///
/// The disk may be longer than the file; everything past its end is zeros.
struct RawDisk: Disk {
  let file: DiskFile
  let byteCount: UInt64

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    let dataStart = min(try file.dataStart(from: offset) ?? end, end)
    guard dataStart == offset else { return DiskExtent(offset..<dataStart, .zeros) }
    let dataEnd = file.file.dataEnd(from: offset, end: min(end, file.byteCount))
    return DiskExtent(offset..<dataEnd, .data, at: offset, in: file)
  }

  /// A single piece, including holes: they read as zeros, and finding each one takes longer than reading them.
  func pieces(of range: Range<UInt64>) -> [DiskExtent] {
    let stored = range.clamped(to: 0..<min(byteCount, file.byteCount))
    return stored.isEmpty ? [] : [DiskExtent(stored, .data, at: stored.lowerBound, in: file)]
  }
}
