/// Disks placed side by side, as in a split disk.
struct SpanDisk: Disk {
  /// A part of the disk, and the disk that holds it.
  struct Part {
    /// Position of the part on the whole disk, in bytes.
    let range: Range<UInt64>
    /// From its end to that of the part, bytes are absent.
    let disk: any Disk
  }

  private let parts: [Part]
  let byteCount: UInt64

  /// `parts` follow each other from 0 without gaps, and none is empty.
  init(_ parts: [Part]) {
    self.parts = parts
    byteCount = parts.last?.range.upperBound ?? 0
  }

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    let part = parts[index(at: offset)]
    let start = part.range.lowerBound
    let end = min(end, part.range.upperBound)
    guard offset - start < part.disk.byteCount else {
      return DiskExtent(guestOffset: offset, byteCount: end - offset, contents: .absent)
    }
    var extent = try part.disk.extent(at: offset - start, upTo: min(end - start, part.disk.byteCount))
    extent.guestOffset = offset
    return extent
  }

  /// The part that holds the byte at `offset`, by binary search.
  private func index(at offset: UInt64) -> Int {
    var (low, high) = (0, parts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if offset < parts[middle].range.upperBound { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
