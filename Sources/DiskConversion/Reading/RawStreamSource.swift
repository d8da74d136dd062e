import StreamIO

/// The disk in a stream of raw bytes, in disk order up to the end of its last cluster.
final class RawStreamSource: ExtentSource {
  private struct Turn {
    var position: UInt64 = 0
    var isAtEnd = false
    /// Bytes of the stream read so far.
    var streamByteCount: UInt64 = 0
  }

  private let stream: InTurn<RawStream>
  private let diskByteCount: UInt64?
  private let grid: ExtentGrid
  /// The end of the extents of a disk of this size, in bytes.
  private let padding: @Sendable (UInt64) -> UInt64
  private let progress: ConversionProgress
  private let turn = InTurn(Turn())

  /// `diskByteCount` is the requested size, in bytes; nil to use the length of the stream.
  ///
  /// `padding` gives the end of the last extent for the size of the disk, at the end of a cluster or after it.
  init(
    _ stream: RawStream, diskByteCount: UInt64?, grid: ExtentGrid,
    paddedTo padding: @escaping @Sendable (UInt64) -> UInt64,
    progress: ConversionProgress
  ) {
    self.stream = InTurn(stream)
    self.diskByteCount = diskByteCount
    self.grid = grid
    self.padding = padding
    self.progress = progress
  }

  var foundByteCount: UInt64? { turn.state.isAtEnd ? turn.state.streamByteCount : nil }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard !turn.state.isAtEnd else { return takeZerosAfterStream(into: slot) }
    let start = turn.state.position
    let zerosEnd = grid.start(at: start + stream.state.disk.zerosAhead)
    guard zerosEnd <= start else { return try takeZeros(upTo: zerosEnd, into: slot) }
    let wanted = Int(grid.end(after: start) - start)
    let count = try stream.state.read(into: slot.buffer.part(..<wanted), progress: progress)
    try countRead(UInt64(count))
    turn.state.isAtEnd = count < wanted
    guard count > 0 else { return takeZerosAfterStream(into: slot) }

    // The last cluster is stored whole, so the rest of it is filled with zeros, up to the end of the buffer.
    let byteCount = grid.splitsClusters ? wanted : Int(grid.roundedUpToClusters(UInt64(count)))
    slot.buffer.part(count..<byteCount).clear()
    slot.extent = DiskExtent(start..<start + UInt64(byteCount), .data)
    turn.state.position = slot.extent.guestEnd
    return true
  }

  /// Zeros that need not be read.
  private func takeZeros(upTo end: UInt64, into slot: Slot) throws(ConversionError) -> Bool {
    slot.extent = DiskExtent(turn.state.position..<end, .zeros)
    stream.state.skipZeros(slot.extent.byteCount, progress: progress)
    try countRead(slot.extent.byteCount)
    turn.state.position = end
    return true
  }

  private func countRead(_ byteCount: UInt64) throws(ConversionError) {
    turn.state.streamByteCount += byteCount
    if let diskByteCount, turn.state.streamByteCount > diskByteCount {
      throw ConversionError(stream.state.name, .longerThan(byteCount: diskByteCount))
    }
  }

  /// The rest of the last cluster, and of a disk that is larger than the stream.
  private func takeZerosAfterStream(into slot: Slot) -> Bool {
    let start = turn.state.position
    let end = padding(diskByteCount ?? turn.state.streamByteCount)
    guard start < end else { return false }
    slot.extent = DiskExtent(start..<end, .zeros)
    turn.state.position = end
    return true
  }
}

/// Raw bytes that come only in order: from a pipe or from gzip.
struct RawStream {
  let name: String
  /// The bytes of the disk.
  let disk: LookaheadStream
  /// The decompressor that supplies them, or nil.
  let gzip: GzipStream?

  /// Fills `buffer` with the next bytes; returns the number read, which is smaller only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, progress: ConversionProgress) throws(ConversionError) -> Int {
    let count = try converting(disk.read(into: buffer))
    report(UInt64(count), to: progress)
    return count
  }

  /// Takes zeros that the stream has announced.
  func skipZeros(_ byteCount: UInt64, progress: ConversionProgress) {
    disk.skipZeros(byteCount)
    report(byteCount, to: progress)
  }

  private func report(_ byteCount: UInt64, to progress: ConversionProgress) {
    if let gzip {
      progress.reach(inputPosition: gzip.compressedPosition)
    } else {
      progress.countRead(Int(clamping: byteCount))
    }
  }
}
