/// Skips blocks that repeat bytes which decoded to zeros.
///
/// Between two blocks, on a whole byte and after a window of zeros, a decoder is always in the same state. So bytes that
/// decoded to zeros from one such place to another do the same whenever they follow. See `Documentation/Gzip.md`.
struct RepeatedBlocks {
  /// The longest repetition that is looked for, in bytes; a block of 1 MiB of zeros takes 1 to 5 KiB.
  private static let byteLimit: UInt64 = 16 << 10

  /// Where a repetition may have begun: the position in the compressed bytes, and the zeros decoded up to it.
  private var start: (position: UInt64, zeroCount: UInt64)?
  /// Whether the bytes before the present position were found to repeat.
  private var isRepeating = false

  /// The number of taken bytes that are to be kept for `skip`.
  func keptByteCount(at position: UInt64) -> Int {
    guard let start, position - start.position <= Self.byteLimit else { return 0 }
    return Int(position - start.position)
  }

  mutating func reset() { self = RepeatedBlocks() }

  /// Takes bytes that repeat those before them, and returns the number of zeros that they decode to; nil if there are
  /// none.
  ///
  /// The decoder must be between two blocks, on a whole byte; the last `zeroCount` bytes that it gave must be zeros that
  /// fill its window.
  mutating func skip(in input: GzipInput, zeroCount: UInt64) throws(FileError) -> UInt64? {
    let position = input.position
    guard let start, position - start.position <= min(Self.byteLimit, UInt64(input.keptByteCount)) else {
      start = (position, zeroCount)
      return nil
    }
    let period = Int(position - start.position)
    guard period > 0 else { return nil }
    if input.bytes.count < period { _ = try input.refill(keeping: period) }
    var count: UInt64 = 0
    while input.bytes.begins(with: input.taken(period)) {
      input.take(period)
      count += 1
    }
    guard count > 0 else {
      // Where a repetition has ended, another one may begin.
      if isRepeating { self.start = (position, zeroCount) }
      isRepeating = false
      return nil
    }
    isRepeating = true
    let zeros = count * (zeroCount - start.zeroCount)
    self.start = (input.position - UInt64(period), start.zeroCount + zeros)
    return zeros
  }
}
