/// Images on top of each other, as snapshots make them: for each run, the topmost that is not absent decides.
///
/// Images may have any cluster sizes, and lower ones may be shorter: everything works on ranges of bytes.
struct ChainDisk: Disk {
  /// The images, the top one first.
  let images: [any Disk]
  let byteCount: UInt64

  /// How far an image is searched for its next cluster while one below it may have a shorter extent.
  private static let lookAheadByteCount: UInt64 = 64 << 20

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    var end = min(end, offset + Self.lookAheadByteCount)
    for image in images where offset < image.byteCount {
      let extent = try image.extent(at: offset, upTo: min(end, image.byteCount))
      guard extent.contents == .absent else { return extent }
      // Beyond this, the image above may have bytes of its own.
      end = extent.guestEnd
    }
    return DiskExtent(guestOffset: offset, byteCount: end - offset, contents: .absent)
  }
}
