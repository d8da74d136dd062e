import StreamIO

/// Runs of zeros of any length, compressed: one block of zeros is, and its bytes are handed out again and again.
final class ZeroRun {
  /// Bytes to hand out at once, so that a long run does not become a million small writes.
  private static let pieceByteLimit = 256 << 10

  private let deflater: BlockDeflater
  private let name: String
  /// A block of zeros, compressed, and as many copies of it as make a piece.
  private var block: [UInt8] = []
  private var blocks: [UInt8] = []

  init(deflater: BlockDeflater, name: String) {
    self.deflater = deflater
    self.name = name
  }

  /// Calls `body` with the compressed form of `byteCount` zeros, cut into blocks of `blockByteCount`.
  func forEachPiece(
    of byteCount: UInt64, blockByteCount: Int, _ body: (UnsafeRawBufferPointer) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    var blockCount = Int(byteCount / UInt64(blockByteCount))
    if blockCount > 0, block.isEmpty {
      block = try compressed(blockByteCount)
      blocks = Array(repeatElement(block, count: max(1, Self.pieceByteLimit / block.count)).joined())
    }
    let blocks = blocks
    while blockCount > 0 {
      let count = min(blockCount, blocks.count / block.count)
      try blocks.span.bytes.withUnsafeBytes { (raw) throws(ConversionError) in
        try body(UnsafeRawBufferPointer(rebasing: raw[..<(count * block.count)]))
      }
      blockCount -= count
    }
    let rest = Int(byteCount % UInt64(blockByteCount))
    guard rest > 0 else { return }
    let tail = try compressed(rest)
    try tail.span.bytes.withUnsafeBytes { (raw) throws(ConversionError) in try body(raw) }
  }

  private func compressed(_ byteCount: Int) throws(ConversionError) -> [UInt8] {
    let zeros = [UInt8](repeating: 0, count: byteCount)
    guard zeros.withUnsafeBytes({ deflater.compress($0) }) else {
      throw ConversionError(FileError(.gzip(.outOfMemory), path: name))
    }
    return Array(deflater.compressed)
  }
}
