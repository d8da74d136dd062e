/// The GUID of a snapshot and of its images.
public struct BundleID: Hashable, Sendable, CustomStringConvertible {
  /// 32 hexadecimal digits in lower case with dashes, without braces.
  public let description: String

  /// The GUID that stands for "no parent".
  public static let null = BundleID(known: "00000000-0000-0000-0000-000000000000")
  /// The GUID of the current state in all bundles that Parallels Desktop and Virtuozzo write.
  public static let current = BundleID(known: "5fbaabe3-6958-40ff-92a7-860e329aab41")

  private init(known: String) { description = known }

  /// Parses a GUID in any case, with or without braces; nil if it is not one.
  public init?(_ text: some StringProtocol) {
    var digits = text.lowercased()[...]
    if digits.first == "{", digits.last == "}" { digits = digits.dropFirst().dropLast() }
    let groups = digits.split(separator: "-", omittingEmptySubsequences: false)
    guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
    guard groups.joined().utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || 97...102 ~= $0 }) else {
      return nil
    }
    description = String(digits)
  }
}

extension BundleID {
  /// A new random GUID (RFC 9562, version 4).
  public static func random() -> BundleID {
    let random: (UInt64, UInt64) = (.random(in: 0...UInt64.max), .random(in: 0...UInt64.max))
    let high = random.0 & ~0xF000 | 0x4000
    let low = random.1 & ~(0b11 << 62) | 0b10 << 62
    let digits = [high, low].map { String(repeating: "0", count: $0.leadingZeroBitCount / 4) + String($0, radix: 16) }
    let text = digits.joined()
    var groups: [Substring] = []
    var rest = text[...]
    for count in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return BundleID(known: groups.joined(separator: "-"))
  }
}
