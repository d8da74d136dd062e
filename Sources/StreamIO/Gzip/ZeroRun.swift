/// Compressed runs of zeros of any length.
///
/// One block of zeros is compressed, and its bytes are reused for all others.
package final class ZeroRun {
  /// The size limit of a piece, in bytes, so that a long run does not become a million small writes.
  private static let pieceByteLimit = 256 << 10

  private let deflater: BlockDeflater
  /// A compressed block of zeros, and enough copies of it to fill a piece.
  private var block: [UInt8] = []
  private var blocks: [UInt8] = []

  /// The level for zeros, whatever that of the data: a MiB of them takes 1,042 bytes at level 6 and 4,599 at level 1, and
  /// any reader skips the former.
  package static let level = CompressionLevel(6)

  /// Compresses blocks that fit `deflater`, which nothing else may use from now on.
  package init(deflater: BlockDeflater) { self.deflater = deflater }

  /// Calls `body` with the compressed form of `byteCount` zeros, cut into blocks of `blockByteCount`.
  ///
  /// `blockByteCount` must be the same in every call. Returns false if zlib fails, which no input causes.
  package func forEachPiece<Failure: Error>(
    of byteCount: UInt64, blockByteCount: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    var blockCount = Int(byteCount / UInt64(blockByteCount))
    if blockCount > 0, block.isEmpty {
      guard let compressed = compressed(blockByteCount) else { return false }
      block = compressed
      blocks = Array(repeatElement(block, count: max(1, Self.pieceByteLimit / block.count)).joined())
    }
    let blocks = blocks
    while blockCount > 0 {
      let count = min(blockCount, blocks.count / block.count)
      try blocks.span.bytes.withUnsafeBytes { (raw) throws(Failure) in
        try body(UnsafeRawBufferPointer(rebasing: raw[..<(count * block.count)]))
      }
      blockCount -= count
    }
    let rest = Int(byteCount % UInt64(blockByteCount))
    guard rest > 0 else { return true }
    guard let tail = compressed(rest) else { return false }
    try tail.span.bytes.withUnsafeBytes { (raw) throws(Failure) in try body(raw) }
    return true
  }

  private func compressed(_ byteCount: Int) -> [UInt8]? {
    guard byteCount <= ZeroBlock.byteCount, deflater.compress(ZeroBlock.bytes(byteCount)) else { return nil }
    return Array(deflater.compressed)
  }
}
