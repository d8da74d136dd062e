/// The UUID of a dirty bitmap, its 16 bytes in the order in which it is written (RFC 9562, section 4).
public struct BitmapID: Hashable, Sendable {
  /// Bytes of an id.
  public static let byteCount = 16
  /// Hex digits of the five groups that hyphens part.
  private static let groups = [8, 4, 4, 4, 12]

  /// The 16 bytes as they stand in the file.
  public let bytes: [UInt8]

  /// The id that stands at `offset` of `span`.
  init(parsing span: RawSpan, at offset: Int) {
    bytes = span.extracting(offset..<offset + Self.byteCount).withUnsafeBytes { Array($0) }
  }

  /// Reads `e4f2eed0-37fe-4539-b50b-85d2e7fd235f`, in braces or not, in any case; nil for anything else.
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
  /// In lower case, with hyphens.
  public var description: String {
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    var rest = digits[...]
    return Self.groups.map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: "-")
  }
}
