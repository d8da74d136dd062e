/// Images layered by snapshots: each run comes from the topmost image in which it is not absent.
///
/// Images may have different cluster sizes, and lower ones may be shorter, because everything works on ranges of bytes.
struct ChainDisk: Disk {
  /// The images, topmost first.
  let images: [any Disk]
  let byteCount: UInt64

  /// Limits the search for an image's next cluster while an image below it may have a shorter extent; it doubles while
  /// only zeros are found, so that even the largest disk is soon walked.
  private static let lookAheadByteCount: UInt64 = 64 << 20

  /// Whether every byte of a range is in one of the images, so that nothing below them shows.
  func hides(_ range: Range<UInt64>) throws(ConversionError) -> Bool {
    guard !images.isEmpty else { return false }
    // Past the end of the disk there is nothing to see.
    var extents = extents(in: range)
    while let extent = try extents.next() {
      if extent.contents == .absent { return false }
    }
    return true
  }

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    var lookAhead = min(Self.lookAheadByteCount, end - offset)
    var extent = try topmostExtent(at: offset, upTo: offset + lookAhead)
    while extent.isZero, extent.guestEnd < end {
      lookAhead = min(lookAhead * 2, end - extent.guestEnd)
      let next = try topmostExtent(at: extent.guestEnd, upTo: extent.guestEnd + lookAhead)
      guard let joined = extent.joined(with: next) else { break }
      extent = joined
    }
    return extent
  }

  /// The start of the extent at `offset`, as far as no image above the one that holds it can end it.
  private func topmostExtent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    var end = end
    for (depth, image) in images.enumerated() where offset < image.byteCount {
      var extent = try image.extent(at: offset, upTo: min(end, image.byteCount))
      guard extent.contents == .absent else {
        extent.depth = depth
        return extent
      }
      // After this, the image above may have bytes of its own.
      end = extent.guestEnd
    }
    return DiskExtent(guestOffset: offset, byteCount: end - offset, contents: .absent)
  }
}
