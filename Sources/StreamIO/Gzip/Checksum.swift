import CZlib

/// The CRC-32 and the length of some bytes, which can be combined with those of the bytes that follow.
package struct Checksum: Equatable, Sendable {
  /// The CRC-32 (RFC 1952, section 8).
  package private(set) var crc: UInt32 = 0
  /// The number of bytes.
  package private(set) var byteCount: UInt64 = 0

  /// The checksum of no bytes.
  package init() {}

  package init(of bytes: UnsafeRawBufferPointer) { append(bytes) }

  /// The checksum of zeros, computed without touching any bytes.
  package init(ofZeros byteCount: UInt64) { appendZeros(byteCount) }

  /// Appends zeros, in time logarithmic in their number.
  ///
  /// A CRC is inverted before and after it is computed. Without that, zeros have the CRC 0, whatever their number.
  package mutating func appendZeros(_ byteCount: UInt64) {
    crc = ~UInt32(truncatingIfNeeded: crc32_combine(UInt(~crc), 0, Int(clamping: byteCount)))
    self.byteCount &+= byteCount
  }

  /// Appends bytes.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    crc = UInt32(
      truncatingIfNeeded: crc32_z(UInt(crc), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    byteCount &+= UInt64(bytes.count)
  }

  /// Appends the checksum of the bytes that follow, in time logarithmic in their number.
  package mutating func append(_ next: Checksum) {
    crc = UInt32(truncatingIfNeeded: crc32_combine(UInt(crc), UInt(next.crc), Int(clamping: next.byteCount)))
    byteCount &+= next.byteCount
  }
}
