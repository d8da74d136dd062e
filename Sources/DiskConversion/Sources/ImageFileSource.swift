import ParallelsFormat
import StreamIO

/// The disk in a Parallels image that lies in a file, in disk order.
final class ImageFileSource: ExtentSource, @unchecked Sendable {  // SAFETY: `position`: only in turn, by `take`.
  private let segments: ImageSegments
  private let grid: ExtentGrid
  private var position: UInt64 = 0

  init(_ segments: ImageSegments, grid: ExtentGrid) {
    self.segments = segments
    self.grid = grid
  }

  func take(into slot: Slot) -> Bool {
    guard position < segments.image.header.virtualByteCount else { return false }
    slot.extent = segments.image.extent(at: position, grid: grid)
    position = slot.extent.guestEnd
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) { try segments.load(slot) }
}
