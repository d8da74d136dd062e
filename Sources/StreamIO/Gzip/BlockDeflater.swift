import CZlib

/// Compresses blocks of data so that each can follow any other in a gzip member.
///
/// Each block is deflated independently and ends on a byte boundary. So blocks can be compressed on many threads, and
/// the same block always gives the same bytes. Each ends with the marker that `pigz -i` writes, too, which lets readers
/// find the blocks and decode them on many threads.
package final class BlockDeflater {
  /// Each chunk of a block is tested separately: incompressible ones are stored.
  private static let chunkByteCount = 32 << 10

  // SAFETY: allocated once and freed in `deinit`; zlib keeps the address of its `z_stream`, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  // SAFETY: allocated once and freed in `deinit`; `next_out` points into it between calls.
  private let output: UnsafeMutableRawBufferPointer
  private let level: CompressionLevel
  private let probe: CompressibilityProbe
  private var count = 0

  /// A deflater for blocks of at most `blockByteCount` bytes; nil if there is no memory for it.
  package init?(level: CompressionLevel, blockByteCount: Int) {
    self.level = level
    guard let probe = CompressibilityProbe() else { return nil }
    self.probe = probe
    // Data grows by at most 5 bytes per 16 KiB (deflateBound for any setting), plus a flush for each change of level.
    guard let output = allocateMemory(byteCount: blockByteCount + blockByteCount / 256 + 4096) else { return nil }
    self.output = output
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_deflateInit2(stream, level.zlibLevel, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK else { return nil }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    free(output.baseAddress)
  }

  /// The compressed form of the last block; valid until the next call to `compress`.
  package var compressed: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: output[..<count]) }

  /// Compresses `bytes`; returns false if zlib fails, which no input causes.
  package func compress(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return false }
    deflateReset(stream)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(clamping: output.count)
    var isStored = false
    setLevel(stored: false)
    var offset = 0
    while offset < bytes.count {
      let end = min(offset + Self.chunkByteCount, bytes.count)
      let store = probe.isIncompressible(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
      if store != isStored {
        setLevel(stored: store)
        isStored = store
      }
      stream.pointee.next_in = base + offset
      stream.pointee.avail_in = UInt32(end - offset)
      guard deflate(stream, end == bytes.count ? Z_SYNC_FLUSH : Z_NO_FLUSH) == Z_OK else { return false }
      offset = end
    }
    guard stream.pointee.avail_in == 0, Int(stream.pointee.avail_out) > BlockMarker.secondBlock.count else {
      return false
    }
    let end = output.count - Int(stream.pointee.avail_out)
    count = end + BlockMarker.secondBlock.count
    UnsafeMutableRawBufferPointer(rebasing: output[end..<count]).copyBytes(from: BlockMarker.secondBlock)
    return true
  }

  private func setLevel(stored: Bool) {
    deflateParams(stream, stored ? 0 : level.zlibLevel, Z_DEFAULT_STRATEGY)
    guard !stored, let effort = level.effort else { return }
    deflateTune(stream, effort.good, effort.lazy, effort.nice, effort.chain)
  }
}
