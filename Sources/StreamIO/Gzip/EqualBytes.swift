/// Finds the runs of equal bytes that deflate makes of long runs of zeros.
struct EqualBytes {
  /// The distance between the bytes that are examined, which takes a hundredth of the time of decoding.
  private static let stride = 32
  /// The shortest run that is worth a trial, in bytes; none of these is missed.
  private static let leastByteCount = 96

  /// The last run that was found, as a range of positions.
  private var run: Range<UInt64>?
  /// The position up to which the bytes have been searched for runs.
  private(set) var end: UInt64 = 0

  /// The first run that is not over at the position of `input`, in the bytes that are in memory.
  mutating func next(in input: GzipInput) -> Range<UInt64>? {
    let position = input.position
    if let run, run.upperBound > position { return run }
    let start = max(position, end)
    let bytes = input.bytes[Int(start - position)...]
    let found = Self.firstRun(in: UnsafeRawBufferPointer(rebasing: bytes))
    run = found.map { start + UInt64($0.lowerBound)..<start + UInt64($0.upperBound) }
    end = run?.upperBound ?? start + UInt64(bytes.count)
    return run
  }

  private static func firstRun(in bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    var offset = 0
    while offset + MemoryLayout<UInt64>.size <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if word == word &<< 8 | word &>> 56 {
        let run = run(around: offset, in: bytes)
        guard run.count < leastByteCount else { return run }
      }
      offset += stride
    }
    return nil
  }

  private static func run(around offset: Int, in bytes: UnsafeRawBufferPointer) -> Range<Int> {
    let byte = bytes[offset]
    var (start, end) = (offset, offset)
    while start > 0, bytes[start - 1] == byte { start -= 1 }
    while end < bytes.count, bytes[end] == byte { end += 1 }
    return start..<end
  }
}
