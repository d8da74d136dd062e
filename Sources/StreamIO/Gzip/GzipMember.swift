/// The header and trailer around the deflate blocks of a member (RFC 1952, section 2.3).
package enum GzipMember {
  /// The header, without name or time, so that the same input gives the same bytes; the system is "unknown".
  package static let header: [UInt8] = GzipStream.magic + [8, 0, 0, 0, 0, 0, 0, 0xFF]

  /// An empty final block, which ends the deflate stream, then the CRC-32 and the length of the data modulo 2³².
  package static func trailer(_ checksum: Checksum) -> [UInt8] {
    let length = UInt32(truncatingIfNeeded: checksum.byteCount)
    return [0x03, 0x00]
      + [checksum.crc, length].flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
      }
  }
}
