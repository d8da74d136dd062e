import StreamIO

/// A gzip stream, and what has to come of it as far as that is known.
struct PlannedStream {
  /// What a stream has to decode to.
  enum Outcome: Equatable {
    case data([UInt8])
    /// An error.
    case failure
    /// Nobody knows.
    case unknown
  }

  /// The compressed bytes.
  private(set) var bytes: [UInt8] = []
  private(set) var outcome = Outcome.unknown

  /// Any bytes.
  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Members, padding and other bytes, one after the other.
  ///
  /// Each is planned by a byte for its kind, one for its length, and that many bytes, or 256 times as many. So checksums
  /// are right, which mutations of a compressed stream never make them.
  init(plan: [UInt8]) {
    var rest = plan[...]
    var data: [UInt8] = []
    var (isPadded, isSound) = (false, true)
    while let kind = rest.popFirst() {
      let count = Int(rest.popFirst() ?? 0)
      let repeats = kind & 0x80 == 0 ? 1 : 256
      let part = Array(repeatElement(rest.prefix(count), count: repeats).joined())
      rest = rest.dropFirst(count)
      switch kind % 6 {
      case 0, 1:
        bytes += Self.member(part, flags: kind % 6 == 0 ? 0 : kind)
        data += part
        if isPadded { isSound = false }
      case 4:
        let zeros = [UInt8](repeating: 0, count: Int(kind) << 10)
        guard let member = Self.member(of: [zeros, part, zeros, part, zeros], level: count) else { return }
        bytes += member
        data += zeros + part + zeros + part + zeros
        if isPadded { isSound = false }
      case 5:
        // One byte of compressed zeros is changed, or some are repeated.
        let zeros = [UInt8](repeating: 0, count: Int(kind) << 10)
        guard var member = Self.member(of: [zeros, zeros], level: count) else { return }
        let place = Int(part.first ?? 0) * member.count >> 8
        if count & 1 == 1 { member[place] ^= part.last ?? 1 } else { member.insert(contentsOf: part, at: place) }
        bytes += member
        return
      case 2:
        bytes += [UInt8](repeating: 0, count: part.count)
        if count > 0 { isPadded = true }
      default:
        bytes += part
        return
      }
    }
    // zlib says what a stream is that does not begin with a member.
    guard bytes.starts(with: GzipStream.magic) else { return }
    outcome = isSound ? .data(data) : .failure
  }

  /// A member of blocks that zlib compressed.
  private static func member(of blocks: [[UInt8]], level: Int) -> [UInt8]? {
    guard let deflater = BlockDeflater(level: CompressionLevel(level % 10), blockByteCount: 1 << 20) else { return nil }
    var bytes = GzipMember.header
    var checksum = Checksum()
    for block in blocks where !block.isEmpty {
      guard block.withUnsafeBytes({ deflater.compress($0) }) else { return nil }
      bytes += deflater.compressed
      block.withUnsafeBytes { checksum.append($0) }
    }
    return bytes + GzipMember.trailer(checksum)
  }

  /// A member of one stored block, with the optional fields of its header that `flags` ask for.
  private static func member(_ data: [UInt8], flags: UInt8) -> [UInt8] {
    var header = GzipMember.header
    // Text, extra field, name, comment: not the header's own checksum.
    header[3] = flags & 0b11101
    if flags & 4 != 0 { header += [3, 0, 1, 2, 3] }
    if flags & 8 != 0 { header += Array("disk.img".utf8) + [0] }
    if flags & 16 != 0 { header += [0] }
    let count = UInt16(data.count)
    let lengths = [count, ~count].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    return header + [0] + lengths + data + GzipMember.trailer(data.withUnsafeBytes { Checksum(of: $0) })
  }
}
