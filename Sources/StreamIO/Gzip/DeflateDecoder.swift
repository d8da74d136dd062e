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
  private(set) var data = DecodedData()
  private var repeatedBlocks = RepeatedBlocks()
  /// Whether the decoder is between two blocks, and repetitions from here on were not looked for.
  private var isAtNewBorder = false
  private var runs = EqualBytes()
  /// Whether everything was decoded that the bytes taken so far hold.
  private var isDrained = false
  private var outcome = Inflater.Outcome.ongoing

  /// nil if there is no memory for it.
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
    (isAtNewBorder, isDrained, outcome) = (false, false, .ongoing)
  }

  /// Decodes what comes next.
  ///
  /// - Throws: `gzip` if the blocks are damaged or cut off; `system` if the input can't be read.
  func decode(into room: UnsafeMutableRawBufferPointer) throws(FileError) -> Output {
    switch outcome {
    case .failure(let problem): throw input.error(problem)
    case .end: return .end
    case .ongoing: break
    }
    if let zeros = try skipRepeatedBlocks() { return .zeros(zeros) }
    if input.bytes.isEmpty, try !input.refill(keeping: repeatedBlocks.keptByteCount(at: input.position)), isDrained {
      throw input.error(.truncated)
    }
    guard skipsZeros else { return try inflate(input.bytes, into: room) }
    guard let run = runs.next(in: input), input.position <= run.lowerBound + UInt64(Self.leadByteCount) else {
      return try inflate(input.bytes(before: runs.end), into: room)
    }
    let lead = input.bytes(before: run.lowerBound + UInt64(Self.leadByteCount))
    guard lead.isEmpty, isDrained else { return try inflate(lead, into: room) }
    guard data.windowIsZero else { return try inflate(input.bytes(before: run.upperBound), into: room) }
    return skip(run)
  }

  private func inflate(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Output {
    let zeroCount = data.zeroCount
    let step = step(bytes, into: room, stopsAtBlocks: skipsZeros && data.windowIsZero)
    isDrained = step.takenByteCount == bytes.count && step.byteCount < room.count
    if case .failure(let problem) = outcome { throw input.error(problem) }
    if data.zeroCount != zeroCount + UInt64(step.byteCount) { repeatedBlocks.reset() }
    isAtNewBorder = skipsZeros && data.windowIsZero && inflater.isBetweenBlocks && inflater.isOnWholeByte
    return .bytes(step.byteCount)
  }

  /// Decodes the first bytes of the rest of a run, and skips the others if each of them gives 1032 zeros.
  private func skip(_ run: Range<UInt64>) -> Output {
    let bytes = UnsafeRawBufferPointer(rebasing: input.bytes.prefix(Self.trialByteCount))
    let step = step(bytes, into: trialRoom)
    isDrained = step.takenByteCount == bytes.count
    let output = UnsafeRawBufferPointer(rebasing: trialRoom[..<step.byteCount])
    guard isDrained, output.count == bytes.count * Self.mostBytesPerByte, isAllZero(output) else {
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
    guard isAtNewBorder else { return nil }
    let zeroCount = try repeatedBlocks.skip(in: input, zeroCount: data.zeroCount)
    data.appendZeros(zeroCount ?? 0)
    isAtNewBorder = zeroCount != nil
    return zeroCount
  }
}
