import ParallelsFormat
import StreamIO

/// The disk that comes as a stream of raw bytes, in disk order up to the end of its last cluster.
final class RawStreamSource: ExtentSource, @unchecked Sendable {  // SAFETY: all that changes: only in turn, by `take`.
  private let stream: any ByteStream
  /// Where the compressed input is, when it is that.
  private let compressed: GzipStream?
  private let name: String
  private let grid: ExtentGrid
  private let control: ConversionControl
  /// The size asked for, in bytes; nil when the stream's own length decides.
  private let diskByteCount: UInt64?
  private var position: UInt64 = 0
  private var isAtEnd = false
  /// Bytes that the stream had so far.
  private(set) var streamByteCount: UInt64 = 0
  /// Bytes that the stream has; nil as long as its end was not met.
  var wholeByteCount: UInt64? { isAtEnd ? streamByteCount : nil }

  init(
    _ stream: any ByteStream, compressed: GzipStream?, name: String, diskByteCount: UInt64?, grid: ExtentGrid,
    control: ConversionControl
  ) {
    self.stream = stream
    self.compressed = compressed
    self.name = name
    self.diskByteCount = diskByteCount
    self.grid = grid
    self.control = control
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard !isAtEnd else { return takeZerosBehindStream(into: slot) }
    let wanted = Int(grid.end(after: position) - position)
    let buffer = UnsafeMutableRawBufferPointer(rebasing: slot.buffer[..<wanted])
    let count: Int
    do throws(FileError) {
      count = try stream.read(into: buffer)
    } catch {
      throw ConversionError(error)
    }
    if let compressed {
      control.reach(inputPosition: compressed.compressedPosition)
    } else {
      control.countRead(count)
    }
    streamByteCount += UInt64(count)
    if let diskByteCount, streamByteCount > diskByteCount {
      throw ConversionError(name, .longerThan(byteCount: diskByteCount))
    }
    isAtEnd = count < wanted
    guard count > 0 else { return takeZerosBehindStream(into: slot) }

    // The last cluster is stored whole, so the rest of it, as far as the buffer goes, is zeros.
    let byteCount = grid.splitsClusters ? wanted : Int(grid.roundedUpToClusters(UInt64(count)))
    clear(buffer[count..<byteCount])
    slot.extent = Extent(guestOffset: position, byteCount: UInt64(byteCount), isZero: false)
    position = slot.extent.guestEnd
    return true
  }

  /// The rest of the last cluster, and of a disk that is larger than the stream.
  private func takeZerosBehindStream(into slot: Slot) -> Bool {
    let end = grid.roundedUpToClusters(diskByteCount ?? streamByteCount)
    guard position < end else { return false }
    slot.extent = Extent(guestOffset: position, byteCount: end - position, isZero: true)
    position = end
    return true
  }
}
