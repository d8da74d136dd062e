import CZlib

/// A cheap test of whether compressing some bytes would save space.
///
/// Disks are full of media files, archives and encrypted data, on which deflate is slowest.
final class CompressibilityProbe {
  private static let sampleByteCount = 512
  private static let sampleCount = 8

  // SAFETY: allocated once and freed in `deinit`; zlib keeps the address of its `z_stream`, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var samples = [UInt8](repeating: 0, count: sampleByteCount * sampleCount)
  private var trial = [UInt8](repeating: 0, count: sampleByteCount * sampleCount)
  private var histogram = [UInt32](repeating: 0, count: 256)

  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard czlib_deflateInit2(stream, 1, -MAX_WBITS, 5, Z_DEFAULT_STRATEGY) == Z_OK else { return nil }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Whether samples of `bytes` look random and a trial compression saves nothing.
  func isIncompressible(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 2 * samples.count else { return false }
    takeSamples(of: bytes)
    return hasFlatHistogram && !savesSpace
  }

  private func takeSamples(of bytes: UnsafeRawBufferPointer) {
    // The stride covers the first to the last byte, so the samples do not all fall on the same place of a file system's
    // blocks, where small compressed files begin, each followed by zeros.
    let stride = (bytes.count - Self.sampleByteCount) / (Self.sampleCount - 1)
    samples.withUnsafeMutableBytes { buffer in
      for index in 0..<Self.sampleCount {
        let sample = bytes[index * stride..<index * stride + Self.sampleByteCount]
        let place = index * Self.sampleByteCount..<(index + 1) * Self.sampleByteCount
        UnsafeMutableRawBufferPointer(rebasing: buffer[place]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: sample))
      }
    }
  }

  /// Whether all byte values are about equally frequent, which is not so in text, programs or tables.
  ///
  /// For n random bytes, the squares of the counts add up to n² / 256 + n.
  private var hasFlatHistogram: Bool {
    for index in 0..<256 { histogram[index] = 0 }
    for byte in samples { histogram[Int(byte)] &+= 1 }
    let squares = histogram.reduce(UInt64(0)) { $0 + UInt64($1) * UInt64($1) }
    let count = UInt64(samples.count)
    return squares < (count * count / 256 + count) * 5 / 4
  }

  /// Whether the fastest compression shrinks the samples: even a repeated pattern can have a flat histogram.
  private var savesSpace: Bool {
    deflateReset(stream)
    return samples.withUnsafeMutableBufferPointer { input in
      trial.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = UnsafePointer(input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count * 31 / 32)
        return deflate(stream, Z_FINISH) == Z_STREAM_END
      }
    }
  }
}
