/// Images layered by snapshots: each run comes from the topmost image in which it is not absent.
///
/// Images may have different cluster sizes, and lower ones may be shorter, because everything works on ranges of bytes.
struct ChainDisk: Disk {
  /// The images, topmost first.
  let images: [any Disk]
  let byteCount: UInt64

  /// Limits the search for an image's next cluster while an image below it may have a shorter extent.
  private static let lookAheadByteCount: UInt64 = 64 << 20

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    var end = min(end, offset + Self.lookAheadByteCount)
    for image in images where offset < image.byteCount {
      let extent = try image.extent(at: offset, upTo: min(end, image.byteCount))
      guard extent.contents == .absent else { return extent }
      // After this, the image above may have bytes of its own.
      end = extent.guestEnd
    }
    return DiskExtent(guestOffset: offset, byteCount: end - offset, contents: .absent)
  }
}
