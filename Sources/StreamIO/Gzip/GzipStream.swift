import CZlib

/// Decompresses a gzip stream: any number of members, some of them possibly empty, then optional zero padding.
///
/// zlib checks the length in each trailer; nothing else relies on it.
package final class GzipStream: ByteStream {
  /// The first two bytes of every member.
  package static let magic: [UInt8] = [0x1F, 0x8B]
  private static let inputByteCount = 256 << 10

  private let compressed: LookaheadStream
  private let path: String
  // SAFETY: allocated once and freed in `deinit`; zlib keeps the address of its `z_stream`, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  // SAFETY: allocated once and freed in `deinit`; `next_in` points into it between calls.
  private let input: UnsafeMutableRawBufferPointer
  private var isAtEnd = false

  /// Decompresses `compressed`, which begins with a member.
  ///
  /// `path` is for messages.
  package init(_ compressed: LookaheadStream, path: String) throws(FileError) {
    self.compressed = compressed
    self.path = path
    guard let input = allocateMemory(byteCount: Self.inputByteCount) else {
      throw FileError(.gzip(.outOfMemory), path: path)
    }
    self.input = input
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Adding 16 to the largest window makes zlib accept only gzip members.
    guard czlib_inflateInit2(stream, MAX_WBITS + 16) == Z_OK else { throw FileError(.gzip(.outOfMemory), path: path) }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    free(input.baseAddress)
  }

  /// Compressed bytes consumed so far.
  package var compressedPosition: UInt64 { compressed.position - UInt64(stream.pointee.avail_in) }

  /// Fills `buffer` with the next bytes; returns the number read, which is smaller only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: buffer.count)
    while stream.pointee.avail_out > 0, !isAtEnd {
      try fillInput()
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK: continue
      case Z_BUF_ERROR:
        // No progress, because the input is empty and could not be refilled: the file ends here.
        guard stream.pointee.avail_in > 0 else { throw error(.truncated) }
      case Z_STREAM_END: try beginNextMember()
      case Z_MEM_ERROR: throw error(.outOfMemory)
      default: throw error(.damaged(stream.pointee.msg.map { String(cString: $0) } ?? "not gzip data"))
      }
    }
    return buffer.count - Int(stream.pointee.avail_out)
  }

  private func fillInput() throws(FileError) {
    guard stream.pointee.avail_in == 0 else { return }
    let count = try compressed.read(into: input)
    stream.pointee.next_in = UnsafePointer(input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(count)
  }

  /// A member is followed by another member, by zeros up to the end, or by the end.
  private func beginNextMember() throws(FileError) {
    try fillInput()
    guard let first = stream.pointee.next_in, stream.pointee.avail_in > 0 else {
      isAtEnd = true
      return
    }
    guard first.pointee != 0 else { return try skipPadding() }
    guard first.pointee == Self.magic[0] else { throw error(.trailingBytes) }
    inflateReset(stream)
  }

  private func skipPadding() throws(FileError) {
    while stream.pointee.avail_in > 0, let first = stream.pointee.next_in {
      guard first.pointee == 0 else { throw error(.trailingBytes) }
      stream.pointee.next_in = first + 1
      stream.pointee.avail_in -= 1
      try fillInput()
    }
    isAtEnd = true
  }

  private func error(_ problem: FileError.GzipProblem) -> FileError {
    FileError(.gzip(problem), path: path, at: compressedPosition)
  }
}
