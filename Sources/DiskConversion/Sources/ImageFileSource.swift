import ParallelsFormat
import StreamIO

/// The disk in a Parallels image that lies in a file, in disk order.
final class ImageFileSource: ExtentSource, @unchecked Sendable {  // SAFETY: `position`: only in turn, by `take`.
  private let file: OpenFile
  private let image: ParallelsImage
  private let grid: ExtentGrid
  private let policy: ReadingPolicy
  private let control: ConversionControl
  private var position: UInt64 = 0

  init(_ file: OpenFile, image: ParallelsImage, grid: ExtentGrid, policy: ReadingPolicy, control: ConversionControl) {
    self.file = file
    self.image = image
    self.grid = grid
    self.policy = policy
    self.control = control
  }

  func take(into slot: Slot) -> Bool {
    guard position < image.header.virtualByteCount else { return false }
    if let host = hostOffset(of: position) {
      slot.sourceOffset = host
      slot.extent = Extent(guestOffset: position, byteCount: dataEnd(from: host) - position, isZero: false)
    } else {
      slot.extent = Extent(guestOffset: position, byteCount: image.zeroEnd(from: position) - position, isZero: true)
    }
    position = slot.extent.guestEnd
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    let count = try converting { () throws(IOError) in try file.read(into: slot.bytes, at: slot.sourceOffset) }
    control.countRead(count)
    // All that is missing was found, and judged, when the table was inspected.
    guard count == slot.bytes.count || policy.salvages else {
      throw ConversionError(file.name, .endedEarly(byteCount: slot.sourceOffset + UInt64(count)))
    }
    clear(slot.bytes[count...])
  }

  /// Where in the file the byte of the disk at `guestOffset` lies; nil when its cluster is not allocated.
  private func hostOffset(of guestOffset: UInt64) -> UInt64? {
    image.hostOffset(ofCluster: Int(clamping: guestOffset / grid.clusterByteCount))
      .map { $0 + guestOffset % grid.clusterByteCount }
  }

  /// The end of the data from `position` on that lies in one piece from `host` on, as far as a slot holds it.
  private func dataEnd(from host: UInt64) -> UInt64 {
    let limit = min(grid.end(after: position), image.header.virtualByteCount)
    var end = min(limit, (position / grid.clusterByteCount + 1) * grid.clusterByteCount)
    while end < limit, hostOffset(of: end) == host + (end - position) {
      end = min(limit, end + grid.clusterByteCount)
    }
    return end
  }
}
