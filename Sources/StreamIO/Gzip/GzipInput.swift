/// The compressed bytes that are in memory: the next ones, and some of those that were taken before them.
final class GzipInput {
  /// Bytes that are read at a time: more would keep those that a slow pipe has already delivered waiting.
  private static let pieceByteCount = 256 << 10

  private let stream: LookaheadStream
  private let path: String
  // SAFETY: allocated once and freed in `deinit`; slices of it are valid until the next `refill` or `grow`.
  private var buffer: UnsafeMutableRawBufferPointer
  /// The bytes in the buffer that were not taken yet.
  private var next = 0..<0
  /// The error that ended the bytes.
  private var failure: FileError?
  /// Whether no more bytes follow those that are in memory, because of the end or an error.
  private(set) var isOver = false

  /// `path` is for messages; returns nil if memory runs out.
  init?(_ stream: LookaheadStream, path: String) {
    // A whole piece also fits after some bytes that are kept.
    guard let buffer = allocateMemory(byteCount: 2 * Self.pieceByteCount) else { return nil }
    self.stream = stream
    self.path = path
    self.buffer = buffer
  }

  deinit { free(buffer.baseAddress) }

  /// Bytes taken so far.
  var position: UInt64 { stream.position - UInt64(next.count) }

  /// The next bytes; empty until `refill`, and at the end.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[next]) }

  /// The next bytes, at most `byteCount`.
  func bytes(limit byteCount: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes.prefix(byteCount))
  }

  /// The next bytes up to a position, as far as they are in memory.
  func bytes(before end: UInt64) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes.prefix(Int(clamping: end - min(end, position))))
  }

  /// The number of bytes before `position` that are still in memory.
  var keptByteCount: Int { next.lowerBound }

  /// The last `byteCount` bytes that were taken: at most `keptByteCount`.
  func taken(_ byteCount: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: buffer[next.lowerBound - byteCount..<next.lowerBound])
  }

  /// Whether the bytes taken so far end with `bytes`, as far as they are in memory.
  func takenEndWith(_ bytes: [UInt8]) -> Bool {
    keptByteCount >= bytes.count && taken(bytes.count).elementsEqual(bytes)
  }

  func take(_ byteCount: Int) { next = next.lowerBound + byteCount..<next.upperBound }

  /// Gives back the last bytes that were taken: at most `keptByteCount`.
  func giveBack(_ byteCount: Int) { next = next.lowerBound - byteCount..<next.upperBound }

  /// Makes room for more bytes; returns false if memory runs out.
  func grow(to byteCount: Int) -> Bool {
    guard byteCount > buffer.count else { return true }
    guard let larger = allocateMemory(byteCount: byteCount) else { return false }
    larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
    free(buffer.baseAddress)
    buffer = larger
    return true
  }

  /// Reads more bytes, and keeps at least the last `keptByteCount` that were taken, as far as they are in memory.
  ///
  /// Returns whether there were any; after an error, it throws the same error again.
  func refill(keeping keptByteCount: Int = 0) throws(FileError) -> Bool {
    if let failure { throw failure }
    guard !isOver else { return false }
    if buffer.count - next.upperBound < Self.pieceByteCount { moveToStart(keeping: keptByteCount) }
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[next.upperBound...].prefix(Self.pieceByteCount))
    do {
      let count = try stream.read(into: room)
      next = next.lowerBound..<next.upperBound + count
      isOver = count < room.count
      return count > 0
    } catch {
      (failure, isOver) = (error, true)
      throw error
    }
  }

  private func moveToStart(keeping keptByteCount: Int) {
    let keptByteCount = min(keptByteCount, self.keptByteCount)
    let kept = next.lowerBound - keptByteCount..<next.upperBound
    if kept.lowerBound > 0 { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[kept])) }
    next = keptByteCount..<kept.count
  }

  /// An error that was found this many bytes after the present position.
  func error(_ problem: FileError.GzipProblem, after byteCount: Int = 0) -> FileError {
    FileError(.gzip(problem), path: path, at: position + UInt64(byteCount))
  }
}
