import Testing

@testable import DiskConversion

/// A disk that answers from a list of extents.
struct ScatteredDisk: Disk {
  let byteCount: UInt64
  private let extents: [DiskExtent]

  /// `extents` follow each other from 0 on; two neighbours may be such as could be joined.
  init(_ extents: [DiskExtent]) {
    self.extents = extents
    byteCount = extents.last?.guestEnd ?? 0
  }

  func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    #expect(offset < end && end <= byteCount, "what is asked for is on the disk")
    guard var extent = extents.first(where: { $0.guestEnd > offset }) else {
      throw ConversionError("scattered disk", .endedEarly(byteCount: byteCount))
    }
    extent.hostOffset = extent.hostOffset.map { $0 + (offset - extent.guestOffset) }
    extent.byteCount = min(extent.guestEnd, end) - offset
    extent.guestOffset = offset
    return extent
  }
}
