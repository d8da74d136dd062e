/// The UUID of a dirty bitmap, with its 16 bytes in the order of its text form (RFC 9562, section 4).
public struct BitmapID: Hashable, Sendable {
  /// Size of a UUID, in bytes.
  public static let byteCount = 16
  /// The number of hex digits in each of the five groups between hyphens.
  private static let groups = [8, 4, 4, 4, 12]

  /// The 16 bytes as stored in the file.
  public let bytes: [UInt8]

  /// Reads the UUID at `offset` of `span`.
  init(parsing span: RawSpan, at offset: Int) {
    bytes = span.extracting(offset..<offset + Self.byteCount).withUnsafeBytes { Array($0) }
  }

  /// Parses a UUID such as `e4f2eed0-37fe-4539-b50b-85d2e7fd235f`, with or without braces, in any case; nil if invalid.
  public init?(_ text: String) {
    var inner = text[...]
    if inner.first == "{", inner.last == "}" { inner = inner.dropFirst().dropLast() }
    let groups = inner.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.utf8.count) == Self.groups else { return nil }
    let digits = Array(groups.joined().utf8)
    var bytes: [UInt8] = []
    for pair in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.value(ofDigit: digits[pair]), let low = Self.value(ofDigit: digits[pair + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension BitmapID: CustomStringConvertible {
  /// The UUID in lower case, with hyphens.
  public var description: String {
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    var rest = digits[...]
    return Self.groups.map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: "-")
  }
}
