import ParallelsFormat
import StreamIO

/// Reads extents of the disk from an image in a file.
struct ImageSegments: Sendable {
  let file: OpenFile
  let image: ParallelsImage
  let policy: ReadingPolicy
  let control: ConversionControl

  /// Fills the slot's extent, with zeros where no cluster is allocated.
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
