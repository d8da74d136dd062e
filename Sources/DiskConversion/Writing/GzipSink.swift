import StreamIO

/// Writes all extents in order as one gzip member, compressing on all threads.
///
/// Extents depend only on the disk, never on its format or source, so the same disk gives the same bytes. A block of
/// zeros is compressed only once, and its bytes are reused; a run of them touches no other memory.
final class GzipSink: ExtentSink {
  private struct Turn {
    let zeros: ZeroRun
    var checksum = Checksum()
    /// Bytes written so far.
    var position: UInt64 = 0
  }

  /// The state that a thread needs to compress.
  private struct Lane {
    let deflater: BlockDeflater
    var checksum = Checksum()
  }

  private let target: TargetFile
  private let cancellation: Cancellation
  private let turn: InTurn<Turn>
  private let lanes: PerThread<Lane>
  /// The error if zlib runs out of memory.
  private let outOfMemory: ConversionError

  init(
    _ target: TargetFile, level: CompressionLevel, shape: PipelineShape, cancellation: Cancellation
  ) throws(ConversionError) {
    self.target = target
    self.cancellation = cancellation
    let outOfMemory = ConversionError(FileError(.gzip(.outOfMemory), path: target.name))
    let deflater = { (level: CompressionLevel) throws(ConversionError) in
      guard let deflater = BlockDeflater(level: level, blockByteCount: shape.bufferByteCount),
        hasSpareAddressSpace(Pipeline.leastByteCount)
      else { throw outOfMemory }
      return deflater
    }
    self.outOfMemory = outOfMemory
    lanes = try PerThread(count: shape.threadCount) { () throws(ConversionError) in Lane(deflater: try deflater(level))
    }
    turn = InTurn(Turn(zeros: ZeroRun(deflater: try deflater(ZeroRun.level))))
    try write(GzipMember.header)
  }

  /// Bytes written so far.
  var position: UInt64 { turn.state.position }

  func prepare(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero else { return }
    let bytes = UnsafeRawBufferPointer(slot.bytes)
    guard !isAllZero(bytes) else {
      slot.extent.contents = .zeros
      return
    }
    guard lanes[slot].deflater.compress(bytes) else { throw outOfMemory }
    lanes[slot].checksum = Checksum(of: bytes)
  }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    if slot.extent.isZero {
      try placeZeros(slot)
    } else {
      try write(lanes[slot].deflater.compressed)
      turn.state.checksum.append(lanes[slot].checksum)
    }
    return .next
  }

  private func placeZeros(_ slot: Slot) throws(ConversionError) {
    turn.state.checksum.append(Checksum(ofZeros: slot.extent.byteCount))
    let zeros = turn.state.zeros
    let isDone = try zeros.forEachPiece(of: slot.extent.byteCount, blockByteCount: slot.buffer.count) {
      (piece) throws(ConversionError) in
      try cancellation.check()
      try write(piece)
    }
    guard isDone else { throw outOfMemory }
  }

  /// Completes the member.
  func finish() throws(ConversionError) {
    try write(GzipMember.trailer(turn.state.checksum))
    if target.file.kind == .regular { try target.truncate(to: turn.state.position) }
  }

  private func write(_ bytes: [UInt8]) throws(ConversionError) {
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(ConversionError) in try write(raw) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(ConversionError) {
    try target.append(bytes, at: turn.state.position)
    turn.state.position += UInt64(bytes.count)
  }
}
