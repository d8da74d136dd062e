import StreamIO

/// Every extent in order as one gzip member, compressed on all threads.
///
/// Extents are cut by the disk alone, never by how the image lies or comes, so the same disk gives the same bytes. A block
/// of zeros is compressed once and its bytes are used again; a run of them touches no other memory.
final class GzipSink: ExtentSink, @unchecked Sendable {
  // SAFETY: `checksum` and `position` only in turn, by `place`; each lane only by the thread that carries its slot.
  private let file: OpenFile
  private let control: ConversionControl
  private let lanes: [Lane]
  private let zeros: ZeroRun
  private var checksum = Checksum()
  /// Bytes written so far.
  private(set) var position: UInt64 = 0

  /// What one thread needs to compress.
  private final class Lane {
    let deflater: BlockDeflater
    var checksum = Checksum()

    init(_ deflater: BlockDeflater) { self.deflater = deflater }
  }

  init(
    _ file: OpenFile, level: CompressionLevel, shape: PipelineShape, control: ConversionControl
  ) throws(ConversionError) {
    self.file = file
    self.control = control
    var lanes: [Lane] = []
    for _ in 0..<shape.threadCount {
      lanes.append(Lane(try Self.deflater(level, blockByteCount: shape.bufferByteCount, for: file)))
    }
    self.lanes = lanes
    zeros = ZeroRun(deflater: try Self.deflater(level, blockByteCount: shape.bufferByteCount, for: file))
    try write(GzipMember.header)
  }

  private static func deflater(
    _ level: CompressionLevel, blockByteCount: Int, for file: OpenFile
  ) throws(ConversionError) -> BlockDeflater {
    guard let deflater = BlockDeflater(level: level, blockByteCount: blockByteCount) else {
      throw ConversionError(FileError(.gzip(.outOfMemory), path: file.name))
    }
    return deflater
  }

  func prepare(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    let bytes = UnsafeRawBufferPointer(slot.bytes)
    guard !isAllZero(bytes) else {
      slot.extent.isZero = true
      return
    }
    let lane = lanes[slot.thread]
    guard lane.deflater.compress(bytes) else {
      throw ConversionError(FileError(.gzip(.outOfMemory), path: file.name))
    }
    lane.checksum = Checksum(of: bytes)
  }

  func place(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return try placeZeros(slot) }
    let lane = lanes[slot.thread]
    try write(lane.deflater.compressed)
    checksum.append(lane.checksum)
  }

  private func placeZeros(_ slot: Slot) throws(ConversionError) {
    checksum.append(Checksum(ofZeros: slot.extent.byteCount))
    let isCompressed = try zeros.forEachPiece(of: slot.extent.byteCount, blockByteCount: slot.buffer.count) {
      (piece) throws(ConversionError) in
      guard !control.isEnding else { throw ConversionError(file.name, .cancelled) }
      try write(piece)
    }
    guard isCompressed else { throw ConversionError(FileError(.gzip(.outOfMemory), path: file.name)) }
  }

  /// Ends the member.
  func finish() throws(ConversionError) {
    try write(GzipMember.trailer(checksum))
    if file.kind == .regular { try converting { () throws(FileError) in try file.truncate(to: position) } }
  }

  private func write(_ bytes: [UInt8]) throws(ConversionError) {
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(ConversionError) in try write(raw) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(ConversionError) {
    try converting { () throws(FileError) in
      try file.isSeekable ? file.write(bytes, at: position) : file.writeNext(bytes, position: position)
    }
    position += UInt64(bytes.count)
    control.countWritten(UInt64(bytes.count))
  }
}
