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
    slot.extent = image.extent(at: position, grid: grid)
    position = slot.extent.guestEnd
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    let segments = image.segments(of: slot.extent).joined()
    for segment in segments { try read(segment, into: slot) }
    slot.clearGaps(between: segments)
  }

  private func read(_ segment: Segment, into slot: Slot) throws(ConversionError) {
    let buffer = UnsafeMutableRawBufferPointer(rebasing: slot.bytes[segment.place])
    let count = try converting { () throws(IOError) in try file.read(into: buffer, at: segment.sourceOffset) }
    control.countRead(count)
    // All that is missing was found, and judged, when the table was inspected.
    guard count == buffer.count || policy.salvages else {
      throw ConversionError(file.name, .endedEarly(byteCount: segment.sourceOffset + UInt64(count)))
    }
    clear(buffer[count...])
  }
}
