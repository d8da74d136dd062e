import CZlib

/// The CRC-32 and the length of some bytes, which can be combined with those of the bytes that follow.
package struct Checksum: Equatable, Sendable {
  /// The CRC-32 (RFC 1952, section 8).
  package private(set) var crc: UInt32 = 0
  /// The number of bytes.
  package private(set) var byteCount: UInt64 = 0

  /// The checksum of no bytes.
  package init() {}

  package init(of bytes: UnsafeRawBufferPointer) {
    crc = UInt32(truncatingIfNeeded: crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    byteCount = UInt64(bytes.count)
  }

  /// The checksum of zeros, computed by doubling without touching any bytes.
  package init(ofZeros byteCount: UInt64) {
    var zero: UInt8 = 0
    var power = withUnsafeBytes(of: &zero) { Checksum(of: $0) }
    var rest = byteCount
    while rest > 0 {
      if rest & 1 == 1 { append(power) }
      power.append(power)
      rest >>= 1
    }
  }

  /// Appends the checksum of the bytes that follow, in time logarithmic in their number.
  package mutating func append(_ next: Checksum) {
    crc = UInt32(truncatingIfNeeded: crc32_combine(UInt(crc), UInt(next.crc), Int(clamping: next.byteCount)))
    byteCount &+= next.byteCount
  }
}
