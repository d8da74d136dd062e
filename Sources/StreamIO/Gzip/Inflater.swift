import CZlib

/// zlib's decoder, one step at a time.
final class Inflater {
  /// What is decoded.
  enum Format {
    /// Deflate blocks (RFC 1951).
    case blocks
    /// A gzip member (RFC 1952), of which only the header is of interest here.
    case member

    // The largest window; negative for blocks alone, with 16 added for gzip.
    fileprivate var windowBits: CInt { self == .blocks ? -MAX_WBITS : MAX_WBITS + 16 }
  }

  /// What a step did.
  struct Step {
    /// Bytes taken from the input.
    let takenByteCount: Int
    /// Bytes written to the output.
    let byteCount: Int
    let outcome: Outcome
  }

  enum Outcome: Equatable {
    /// The input is used up, the output is full, or a block has ended.
    case ongoing
    /// The last block has ended.
    case end
    case failure(FileError.GzipProblem)
  }

  // SAFETY: allocated once and freed in `deinit`; zlib keeps the address of its `z_stream`, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Returns nil if memory runs out.
  init?(_ format: Format) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_inflateInit2(stream, format.windowBits) == Z_OK else { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins anew, with an empty window.
  func reset() { inflateReset(stream) }

  /// Begins anew between two blocks, after the bytes in `window`: at most 32 KiB.
  func reset(after window: [UInt8]) {
    reset()
    inflateSetDictionary(stream, window, UInt32(clamping: window.count))
  }

  /// The last bytes that were decoded, up to 32 KiB.
  var window: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: DecodedData.windowByteCount) { bytes, count in
      var length: UInt32 = 0
      inflateGetDictionary(stream, bytes.baseAddress, &length)
      count = Int(length)
    }
  }

  /// Whether the last step ended after a block, or after the header of a member.
  var isAfterBlock: Bool { stream.pointee.data_type & 128 != 0 }

  /// Whether the last step ended before a block or after one that was not the last, and after the header of a member.
  var isBetweenBlocks: Bool { isAfterBlock && stream.pointee.data_type & 64 == 0 }

  /// Whether no bits are left of the bytes taken so far.
  var isOnWholeByte: Bool { stream.pointee.data_type & 63 == 0 }

  /// Decodes up to the end of `input`, of `output` or of the last block, or of any if it `stopsAtBlocks`.
  func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, stopsAtBlocks: Bool = false
  ) -> Step {
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(clamping: input.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: output.count)
    let code = inflate(stream, stopsAtBlocks ? Z_BLOCK : Z_NO_FLUSH)
    return Step(
      takenByteCount: min(input.count, Int(UInt32.max)) - Int(stream.pointee.avail_in),
      byteCount: min(output.count, Int(UInt32.max)) - Int(stream.pointee.avail_out),
      outcome: outcome(code))
  }

  private func outcome(_ code: CInt) -> Outcome {
    switch code {
    // Z_BUF_ERROR only asks for more input or room.
    case Z_OK, Z_BUF_ERROR: .ongoing
    case Z_STREAM_END: .end
    case Z_MEM_ERROR: .failure(.outOfMemory)
    default: .failure(.damaged(stream.pointee.msg.map { String(cString: $0) } ?? "not gzip data"))
    }
  }
}
