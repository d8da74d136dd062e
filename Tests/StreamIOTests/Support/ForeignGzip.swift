import CZlib
import TestSupport

@testable import StreamIO

/// A gzip member as any program might write it with zlib.
struct ForeignGzip {
  let data: [UInt8]
  let bytes: [UInt8]

  /// A member of zeros and data, with settings and flushes drawn from `generator`.
  init(using generator: inout SeededRandom) {
    var (data, bytes): ([UInt8], [UInt8]) = ([], GzipMember.header)
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    // A window of 256 bytes is a fault in zlib's raw format.
    _ = czlib_deflateInit2(
      stream, CInt.random(in: 0...9, using: &generator), -CInt.random(in: 9...15, using: &generator),
      CInt.random(in: 1...9, using: &generator), CInt.random(in: Z_DEFAULT_STRATEGY...Z_FIXED, using: &generator))
    defer { deflateEnd(stream) }
    let partCount = Int.random(in: 1...12, using: &generator)
    for index in 0..<partCount {
      let part = Self.part(using: &generator)
      data += part
      let flushes = [Z_NO_FLUSH, Z_NO_FLUSH, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_BLOCK]
      // Equal parts with equal flushes make blocks that repeat.
      let pieceByteCount = [1 << 24, 1 << 17, 40_000].randomElement(using: &generator) ?? 1 << 24
      let flush = index == partCount - 1 ? Z_NO_FLUSH : flushes.randomElement(using: &generator) ?? Z_NO_FLUSH
      for start in stride(from: 0, to: part.count, by: pieceByteCount) {
        bytes += Self.deflate(part[start..<min(start + pieceByteCount, part.count)], stream, flush)
      }
    }
    bytes += Self.deflate([], stream, Z_FINISH)
    let checksum = data.withUnsafeBytes { Checksum(of: $0) }
    self.data = data
    self.bytes = bytes + GzipMember.trailer(checksum).suffix(8)
  }

  private static func part(using generator: inout SeededRandom) -> [UInt8] {
    let count = 1 << Int.random(in: 8...15, using: &generator) + Int.random(in: 0...300, using: &generator)
    switch Int.random(in: 0...5, using: &generator) {
    case 0: return Filling.random(count, using: &generator)
    case 1: return [UInt8](repeating: UInt8.random(in: 0...255, using: &generator), count: count)
    case 2: return Filling.cluster(7, byteCount: count)
    default: return [UInt8](repeating: 0, count: count * Int.random(in: 1...40, using: &generator))
    }
  }

  private static func deflate(
    _ part: ArraySlice<UInt8>, _ stream: UnsafeMutablePointer<z_stream>, _ flush: CInt
  ) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: part.count * 2 + (1 << 18))
    let count = part.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { room in
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = UInt32(room.count)
        _ = CZlib.deflate(stream, flush)
        return room.count - Int(stream.pointee.avail_out)
      }
    }
    return Array(output[..<count])
  }
}
