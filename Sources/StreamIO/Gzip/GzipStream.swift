/// Decompresses a gzip stream: any number of members, some of them possibly empty, then optional zero padding.
package final class GzipStream: ByteStream {
  private enum Stage {
    case header, blocks, checksum, length, memberEnd, padding, end
  }

  /// The first two bytes of every member.
  package static let magic: [UInt8] = [0x1F, 0x8B]

  private let input: GzipInput
  private let header: Inflater
  private let decoder: MemberDecoder
  private var stage = Stage.header
  /// Zeros that come next, and were not read yet.
  package private(set) var zerosAhead: UInt64 = 0
  /// Bytes that come after those zeros, and were not read yet.
  private var bytesAhead = UnsafeRawBufferPointer(start: nil, count: 0)

  /// Decompresses `compressed`, which begins with a member.
  ///
  /// `path` is for messages.
  package init(
    _ compressed: LookaheadStream, path: String, shortcuts: GzipShortcuts = GzipShortcuts(threadCount: 2)
  ) throws(FileError) {
    guard let input = GzipInput(compressed, path: path), let header = Inflater(.member),
      let decoder = MemberDecoder(input, shortcuts)
    else { throw FileError(.gzip(.outOfMemory), path: path) }
    self.input = input
    self.header = header
    self.decoder = decoder
  }

  /// Compressed bytes consumed so far.
  package var compressedPosition: UInt64 { input.position - UInt64(decoder.aheadByteCount) }

  /// Fills `buffer` with the next bytes; returns the number read, which is smaller only at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var count = 0
    while count < buffer.count, zerosAhead > 0 || !bytesAhead.isEmpty || stage != .end {
      count += try readNext(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    }
    return count
  }

  package func skipZeros(_ byteCount: UInt64) { zerosAhead -= byteCount }

  /// Stores some of the next bytes in `room`, perhaps none; returns their number.
  private func readNext(into room: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    if zerosAhead > 0 {
      let count = Int(min(zerosAhead, UInt64(room.count)))
      UnsafeMutableRawBufferPointer(rebasing: room[..<count]).initializeMemory(as: UInt8.self, repeating: 0)
      skipZeros(UInt64(count))
      return count
    }
    if !bytesAhead.isEmpty {
      let bytes = bytesAhead.prefix(room.count)
      room.copyBytes(from: bytes)
      bytesAhead = UnsafeRawBufferPointer(rebasing: bytesAhead[bytes.endIndex...])
      return bytes.count
    }
    switch stage {
    case .header: try readHeader()
    case .blocks: return try decode(into: room)
    case .checksum:
      try readTrailer(GzipMember.trailer(decoder.checksum).suffix(8).prefix(4), "incorrect data check")
      stage = .length
    case .length:
      try readTrailer(GzipMember.trailer(decoder.checksum).suffix(4), "incorrect length check")
      stage = .memberEnd
    case .memberEnd: try endMember()
    case .padding: try skipPadding()
    case .end: break
    }
    return 0
  }

  /// zlib reads and judges the header.
  private func readHeader() throws(FileError) {
    repeat {
      if input.bytes.isEmpty, try !input.refill() { throw input.error(.truncated) }
      var nothing: UInt8 = 0
      let step = withUnsafeMutableBytes(of: &nothing) {
        header.step(input.bytes, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<0]), stopsAtBlocks: true)
      }
      input.take(step.takenByteCount)
      if case .failure(let problem) = step.outcome { throw input.error(problem) }
    } while !header.isBetweenBlocks
    decoder.reset()
    stage = .blocks
  }

  private func decode(into room: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    switch try decoder.decode(into: room) {
    case .bytes(let count): return count
    case .others(let bytes): bytesAhead = bytes
    case .zeros(let count): zerosAhead = count
    case .end: stage = .checksum
    }
    return 0
  }

  private func readTrailer(_ expected: ArraySlice<UInt8>, _ problem: String) throws(FileError) {
    while input.bytes.count < expected.count {
      guard try input.refill() else { throw input.error(.truncated, after: input.bytes.count) }
    }
    guard input.bytes.starts(with: expected) else { throw input.error(.damaged(problem), after: expected.count) }
    input.take(expected.count)
  }

  /// A member is followed by another member, by zeros up to the end, or by the end.
  private func endMember() throws(FileError) {
    if input.bytes.isEmpty { _ = try input.refill() }
    switch input.bytes.first {
    case nil: stage = .end
    case 0: stage = .padding
    case Self.magic[0]:
      header.reset()
      stage = .header
    default: throw input.error(.trailingBytes)
    }
  }

  private func skipPadding() throws(FileError) {
    while !input.bytes.isEmpty {
      input.take(zeroCountAtStart(of: input.bytes))
      guard input.bytes.isEmpty else { throw input.error(.trailingBytes) }
      _ = try input.refill()
    }
    stage = .end
  }
}
