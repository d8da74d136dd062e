import TestSupport

@testable import StreamIO

/// A gzip member made field by field, so that any of them can be there, missing or wrong.
///
/// Its data is stored.
struct GzipSample {
  var data: [UInt8] = []
  var isText = false
  var extra: [UInt8]?
  var name: String?
  var comment: String?
  var hasHeaderChecksum = false
  /// What is wrong with the checksum of the header, by exclusive or.
  var headerChecksumFault: UInt16 = 0
  /// What is wrong with the CRC, by exclusive or.
  var crcFault: UInt32 = 0
  /// What is wrong with the length, by exclusive or.
  var lengthFault: UInt32 = 0

  var header: [UInt8] {
    var flags: UInt8 = isText ? 1 : 0
    if hasHeaderChecksum { flags |= 2 }
    if extra != nil { flags |= 4 }
    if name != nil { flags |= 8 }
    if comment != nil { flags |= 16 }
    var bytes: [UInt8] = [0x1F, 0x8B, 8, flags, 0x12, 0x34, 0x56, 0x78, 2, 3]
    if let extra {
      bytes.append(littleEndian: UInt16(extra.count))
      bytes += extra
    }
    for text in [name, comment] {
      if let text { bytes += Array(text.utf8) + [0] }
    }
    if hasHeaderChecksum {
      bytes.append(littleEndian: UInt16(truncatingIfNeeded: definedCRC(bytes)) ^ headerChecksumFault)
    }
    return bytes
  }

  var bytes: [UInt8] {
    var bytes = header
    var rest = data[...]
    repeat {
      let block = rest.prefix(65535)
      rest = rest.dropFirst(65535)
      bytes.append(rest.isEmpty ? 1 : 0)
      bytes.append(littleEndian: UInt16(block.count))
      bytes.append(littleEndian: ~UInt16(block.count))
      bytes += block
    } while !rest.isEmpty
    bytes.append(littleEndian: definedCRC(data) ^ crcFault)
    bytes.append(littleEndian: UInt32(data.count) ^ lengthFault)
    return bytes
  }
}

extension GzipSample {
  /// What `deflatedText` holds.
  static let text = Array(
    """
    cluster after cluster, sector by sector: the table comes before the data it describes, so the table is written \
    last. A cluster of zeros takes no room, a table of zeros still does. 0123456789 ABCDEFGHIJ the quick brown fox \
    jumps over 13 lazy dogs; pack my box with five dozen jugs.
    """.utf8)

  /// A member with Huffman codes of its own, written by gzip 1.12 with `-9n`.
  static let deflatedText = bytes(
    hex: """
      1f8b08000000000002034d8f6b56c2400c85b77217c0e911517cfd0215d45dcc4c3330306d609252dbd51b113dfec9c9e3de7c49c89d\
      2815b8f81dc34f358150502ef0c3257b846e09ea7c26046e48e02972a173bb76ea9014354928c993989fff1992a02f49955a64275a61\
      f10b02478c54584cb9b7a52da3303713b88bf56f2e9a7246cd2415aea6d7b39bdbf9ddfd0316cbe797d7d5faedfde3cc3b7629ece10b\
      f72d227f62d73507019f8c349d197c1c6cc5469e7070a66b067813f549b788e9648ff06837eeba8d545fc5e8186d18010000
      """)

  private static func bytes(hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

private let crcTable: [UInt32] = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
}

/// CRC-32 by its definition (RFC 1952, section 8): slow and plain, to compare with.
func definedCRC(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~UInt32(0)) { crc, byte in crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8 }
}

extension GzipStream {
  /// The stream in `bytes`, as "disk.gz".
  convenience init(_ bytes: [UInt8]) throws { try self.init(LookaheadStream(MemoryStream(bytes)), path: "disk.gz") }

  /// The next bytes: `byteCount`, or fewer at the end.
  func next(_ byteCount: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: byteCount)
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0) }
    return Array(bytes[..<count])
  }

  /// All bytes, read in pieces of a given size.
  func all(readByteCount: Int = 1 << 16) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let part = try next(readByteCount)
      bytes += part
      guard part.count == readByteCount else { return bytes }
    }
  }
}

/// What the gzip stream in `bytes` decodes to.
func gunzipped(_ bytes: [UInt8], readByteCount: Int = 1 << 16) throws -> [UInt8] {
  try GzipStream(bytes).all(readByteCount: readByteCount)
}

/// What is wrong with the gzip stream in `bytes`; nil when it decodes.
func gzipFault(of bytes: [UInt8]) throws -> FileError? {
  do {
    _ = try gunzipped(bytes)
    return nil
  } catch let error as FileError {
    return error
  }
}
