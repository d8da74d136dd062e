import ParallelsFormat

/// What libFuzzer made, as an image: the first byte chooses what is done with the file that the others are.
struct FuzzedImage {
  /// What the first byte of an input asks for.
  struct Options: OptionSet {
    let rawValue: UInt8
    /// The extension gets its magic and its MD5: no mutation would ever find them.
    static let sealsExtension = Options(rawValue: 1)
    /// The file gets a tail, so that large clusters are in it which no input could hold.
    static let hasTail = Options(rawValue: 2)
    /// Two threads convert, not one.
    static let hasTwoThreads = Options(rawValue: 4)
    /// Also through pipes.
    static let usesPipes = Options(rawValue: 8)
    /// Also to gzip, and compared.
    static let usesGzip = Options(rawValue: 16)
    /// Zeros are written.
    static let writesZeros = Options(rawValue: 32)
    /// The format's values meet the bytes in small pieces.
    static let hasSmallPieces = Options(rawValue: 64)
  }

  /// Most bytes of a file with a tail.
  private static let tailEnd = 2 << 20
  /// Sectors of one value each; some are zeros.
  private static let tail: [UInt8] = (0..<tailEnd).map { offset in
    let sector = offset / 512
    return sector % 5 == 0 ? 0 : UInt8(truncatingIfNeeded: sector &* 37 | 1)
  }

  let options: Options
  /// The file.
  private(set) var bytes: [UInt8]
  /// The header; nil if the file is not an image.
  let header: Header?

  /// Nil for an input without a first byte.
  init?(_ input: UnsafeBufferPointer<UInt8>) {
    guard let first = input.first else { return nil }
    let file = Array(input.dropFirst())
    options = Options(rawValue: first)
    bytes = file
    header = try? Header(parsing: file.span.bytes)
    guard let header else { return }
    // A table in the tail would be long and wrong, and take long to say so.
    let hasTable = header.tableEndByteOffset <= UInt64(bytes.count)
    if options.contains(.hasTail), hasTable, header.clusterByteCount >= 32 << 10 {
      let end = min(Int(header.clusterByteCount) * 4, Self.tailEnd)
      if end > bytes.count { bytes += Self.tail[bytes.count..<end] }
    }
    if options.contains(.sealsExtension) { sealExtension(of: header) }
  }

  private mutating func sealExtension(of header: Header) {
    guard let cluster = ExtensionCluster(header: header)?.range, cluster.upperBound <= UInt64(bytes.count) else {
      return
    }
    let start = Int(cluster.lowerBound)
    guard start < Int(cluster.upperBound) else { return }
    var digest = MD5()
    digest.update(bytes.span.bytes.extracting(start + 24..<Int(cluster.upperBound)))
    let magic = (0..<8).map { UInt8(truncatingIfNeeded: FormatExtension.magic >> (8 * $0)) }
    bytes.replaceSubrange(start..<start + 24, with: magic + digest.finish())
  }

  /// The little-endian number of 4 bytes at `offset`, which is in the file.
  func number(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
  }
}
