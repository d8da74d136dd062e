import ParallelsFormat
import StreamIO

/// Reads any part of the disk from an image in a file.
struct ImageSegments: Sendable {
  let file: OpenFile
  let image: ParallelsImage
  let control: ConversionControl

  /// Fills the slot's extent, with zeros where no cluster is allocated.
  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    try read(into: slot.bytes, at: slot.extent.guestOffset)
  }

  /// Fills `buffer`, all of which is on the disk, with zeros where no cluster is allocated.
  func read(into buffer: UnsafeMutableRawBufferPointer, at guestOffset: UInt64) throws(ConversionError) {
    let range = guestOffset..<guestOffset + UInt64(buffer.count)
    let segments = image.segments(of: range).joined()
    for segment in segments { try read(segment, into: buffer) }
    segments.clearGaps(in: buffer)
  }

  private func read(_ segment: Segment, into buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) {
    let place = UnsafeMutableRawBufferPointer(rebasing: buffer[segment.place])
    let count = try converting { () throws(FileError) in try file.read(into: place, at: segment.sourceOffset) }
    control.countRead(count)
    // What lies past the end was found, and judged, when the table was inspected; the end must not have moved since.
    let end = segment.sourceOffset + UInt64(count)
    guard count == place.count || end >= image.inspection.fileByteCount ?? .max else {
      throw ConversionError(file.name, .endedEarly(byteCount: end))
    }
    clear(place[count...])
  }
}
