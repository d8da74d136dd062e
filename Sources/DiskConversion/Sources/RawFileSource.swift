import ParallelsFormat
import StreamIO

/// The disk in a raw file or on a device, in disk order up to the end of its last cluster.
///
/// Holes are asked for before anything is read. What lies past the end of the file is zeros: the disk may be larger
/// than the file, and its last cluster is.
final class RawFileSource: ExtentSource, @unchecked Sendable {  // SAFETY: `position`, `data`: only in turn, by `take`.
  private let file: OpenFile
  private let fileByteCount: UInt64
  private let end: UInt64
  private let grid: ExtentGrid
  private let control: ConversionControl
  private var position: UInt64 = 0
  /// The run of data at or after `position` that was found last; empty when none was asked for yet.
  private var data: Range<UInt64>? = 0..<0

  init(_ file: OpenFile, fileByteCount: UInt64, diskByteCount: UInt64, grid: ExtentGrid, control: ConversionControl) {
    self.file = file
    self.fileByteCount = fileByteCount
    self.grid = grid
    self.control = control
    end = grid.roundedUpToClusters(diskByteCount)
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard position < end else { return false }
    if let known = data, known.upperBound <= position {
      data = file.dataRun(from: position, end: fileByteCount)
      if data == nil { try checkLength() }
    }
    let dataStart = data?.lowerBound ?? end
    let extentEnd = min(grid.end(after: position), end)
    if dataStart >= extentEnd {
      let holeEnd = dataStart >= end ? end : grid.start(at: dataStart)
      slot.extent = Extent(guestOffset: position, byteCount: holeEnd - position, isZero: true)
    } else {
      slot.extent = Extent(guestOffset: position, byteCount: extentEnd - position, isZero: false)
    }
    position = slot.extent.guestEnd
    return true
  }

  /// Behind the end of a file that was cut meanwhile, the system finds no data either.
  private func checkLength() throws(ConversionError) {
    let byteCount = try converting { () throws(FileError) in try file.byteCount() }
    guard let byteCount, byteCount < fileByteCount else { return }
    throw ConversionError(file.name, .endedEarly(byteCount: byteCount))
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    try loadRaw(slot, from: file, fileByteCount: fileByteCount, control: control)
  }
}

/// Reads the extent from the same offset of a raw file; past the end of the file it is zeros.
func loadRaw(
  _ slot: Slot, from file: OpenFile, fileByteCount: UInt64, control: ConversionControl
) throws(ConversionError) {
  let offset = slot.extent.guestOffset
  let present = Int(min(slot.extent.byteCount, fileByteCount - min(offset, fileByteCount)))
  let wanted = UnsafeMutableRawBufferPointer(rebasing: slot.bytes[..<present])
  let count = try converting { () throws(FileError) in try file.read(into: wanted, at: offset) }
  guard count == present else {
    throw ConversionError(file.name, .endedEarly(byteCount: offset + UInt64(count)))
  }
  control.countRead(count)
  clear(slot.bytes[present...])
}

/// Sets bytes to zero.
func clear(_ bytes: Slice<UnsafeMutableRawBufferPointer>) {
  guard !bytes.isEmpty else { return }
  UnsafeMutableRawBufferPointer(rebasing: bytes).initializeMemory(as: UInt8.self, repeating: 0)
}
