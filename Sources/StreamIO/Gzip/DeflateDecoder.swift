/// Decodes the deflate blocks of a member, and skips zeros in their compressed form.
///
/// zlib decodes the first of many zeros. The bytes that can only decode to more of them are not given to it, so that
/// zeros take hardly any time or memory. `Documentation/Gzip.md` explains why the result is the same.
final class DeflateDecoder {
  /// What comes next of the decoded bytes.
  enum Output {
    /// This many bytes, in the room that was given.
    case bytes(Int)
    /// Bytes that are valid until the next call.
    case others(UnsafeRawBufferPointer)
    /// This many zeros.
    case zeros(UInt64)
    /// Nothing: the last block has ended.
    case end
  }

  /// Bytes that one byte of deflate data gives at most: four times the longest match.
  private static let mostBytesPerByte = 1032
  /// Bytes of a run that are decoded before the trial: enough to fill the window with zeros.
  private static let leadByteCount = 40
  private static let trialByteCount = 16

  private let input: GzipInput
  private let inflater: Inflater
  private let skipsZeros: Bool
  // SAFETY: allocated once and freed in `deinit`; what `decode` returns of it is valid until the next call.
  private let trialRoom: UnsafeMutableRawBufferPointer
  /// What is known of the bytes decoded so far.
  var data = DecodedData()
  private var repeatedBlocks = RepeatedBlocks()
  /// Whether the decoder has just come to a place between two blocks, on a whole byte.
  private(set) var isAtBorder = false
  private var runs = EqualBytes()
  /// Whether everything was decoded that the bytes taken so far hold.
  private var isDrained = false
  private var outcome = Inflater.Outcome.ongoing

  /// Returns nil if memory runs out.
  init?(_ input: GzipInput, skippingZeros skipsZeros: Bool) {
    // A symbol that began before the trial may end in it.
    guard let inflater = Inflater(.blocks),
      let trialRoom = allocateMemory(byteCount: (Self.trialByteCount + 1) * Self.mostBytesPerByte)
    else { return nil }
    self.input = input
    self.inflater = inflater
    self.skipsZeros = skipsZeros
    self.trialRoom = trialRoom
  }

  deinit { free(trialRoom.baseAddress) }

  /// Begins with the blocks of another member.
  func reset() {
    inflater.reset()
    data = DecodedData()
    repeatedBlocks.reset()
    (isAtBorder, isDrained, outcome) = (false, false, .ongoing)
  }

  /// The last bytes that were decoded, up to 32 KiB.
  var window: [UInt8] { inflater.window }

  /// Goes on between two blocks, after `window` and what was appended to `data`.
  func resume(after window: [UInt8]) {
    inflater.reset(after: window)
    repeatedBlocks.reset()
    (isAtBorder, isDrained) = (false, false)
  }

  /// Decodes what comes next; returns after a block if it `stopsAtBlocks`.
  ///
  /// - Throws: `gzip` if the blocks are damaged or cut off; `system` if the input can't be read.
  func decode(
    into room: UnsafeMutableRawBufferPointer, stopsAtBlocks: Bool
  ) throws(FileError) -> Output {
    switch outcome {
    case .failure(let problem): throw input.error(problem)
    case .end: return .end
    case .ongoing: break
    }
    if let zeros = try skipRepeatedBlocks() { return .zeros(zeros) }
    if input.bytes.isEmpty, try !input.refill(keeping: repeatedBlocks.keptByteCount(at: input.position)), isDrained {
      throw input.error(.truncated)
    }
    guard skipsZeros else { return try inflate(input.bytes, into: room, stopsAtBlocks) }
    guard let run = runs.next(in: input), input.position <= run.lowerBound + UInt64(Self.leadByteCount) else {
      return try inflate(input.bytes(before: runs.end), into: room, stopsAtBlocks)
    }
    let lead = input.bytes(before: run.lowerBound + UInt64(Self.leadByteCount))
    guard lead.isEmpty, isDrained else { return try inflate(lead, into: room, stopsAtBlocks) }
    guard data.windowIsZero else {
      return try inflate(input.bytes(before: run.upperBound), into: room, stopsAtBlocks)
    }
    return skip(run)
  }

  private func inflate(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer, _ stopsAtBlocks: Bool
  ) throws(FileError) -> Output {
    let zeroCount = data.zeroCount
    let step = step(bytes, into: room, stopsAtBlocks: stopsAtBlocks || (skipsZeros && data.windowIsZero))
    // Between blocks, up to seven bits are left that zlib has not looked at.
    isDrained = step.takenByteCount == bytes.count && step.byteCount < room.count && !inflater.isAfterBlock
    // An error that zlib found after the room was full belongs to what comes next.
    if case .failure(let problem) = outcome, step.byteCount < room.count { throw input.error(problem) }
    if data.zeroCount != zeroCount + UInt64(step.byteCount) { repeatedBlocks.reset() }
    isAtBorder = inflater.isBetweenBlocks && inflater.isOnWholeByte
    return .bytes(step.byteCount)
  }

  /// Decodes the first bytes of the rest of a run, and skips the others if each of them gives 1032 zeros.
  private func skip(_ run: Range<UInt64>) -> Output {
    let bytes = input.bytes(limit: Self.trialByteCount)
    let step = step(bytes, into: trialRoom)
    isDrained = step.takenByteCount == bytes.count
    let output = UnsafeRawBufferPointer(rebasing: trialRoom[..<step.byteCount])
    guard isDrained, outcome == .ongoing, output.count == bytes.count * Self.mostBytesPerByte, isAllZero(output) else {
      repeatedBlocks.reset()
      return .others(output)
    }
    let skippedByteCount = Int(run.upperBound - input.position)
    input.take(skippedByteCount)
    let zeroCount = UInt64(skippedByteCount) * UInt64(Self.mostBytesPerByte)
    data.appendZeros(zeroCount)
    return .zeros(UInt64(output.count) + zeroCount)
  }

  private func step(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer, stopsAtBlocks: Bool = false
  ) -> Inflater.Step {
    let step = inflater.step(bytes, into: room, stopsAtBlocks: stopsAtBlocks)
    input.take(step.takenByteCount)
    outcome = step.outcome
    data.append(UnsafeRawBufferPointer(rebasing: room[..<step.byteCount]))
    return step
  }

  private func skipRepeatedBlocks() throws(FileError) -> UInt64? {
    guard isAtBorder else { return nil }
    isAtBorder = false
    guard skipsZeros, data.windowIsZero else { return nil }
    let zeroCount = try repeatedBlocks.skip(in: input, zeroCount: data.zeroCount)
    data.appendZeros(zeroCount ?? 0)
    isAtBorder = zeroCount != nil
    return zeroCount
  }
}
