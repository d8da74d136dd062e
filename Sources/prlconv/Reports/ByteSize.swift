/// A number of bytes in the form that people write and read.
struct ByteSize: Equatable {
  var byteCount: UInt64

  private static let units: [(letter: Character, shift: UInt64)] = [("K", 10), ("M", 20), ("G", 30), ("T", 40)]

  /// Reads `1048576`, `1M`, `1MiB` or `2048s` (sectors); nil for anything else and for numbers over 64 bits.
  init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = UInt64(digits), let factor = Self.factor(String(text.dropFirst(digits.count))) else {
      return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    byteCount = product
  }

  init(byteCount: UInt64) { self.byteCount = byteCount }

  private static func factor(_ suffix: String) -> UInt64? {
    switch suffix {
    case "": return 1
    case "s": return 512
    case "k": return 1024
    default:
      let unit = units.first { suffix == String($0.letter) || suffix == "\($0.letter)iB" }
      return unit.map { 1 << $0.shift }
    }
  }
}

extension ByteSize: CustomStringConvertible {
  /// Three digits in the largest unit that gives at least 1: `3.33 GiB`, `10 MiB`, `512 bytes`.
  var description: String {
    guard let unit = Self.units.last(where: { byteCount >> $0.shift > 0 }) else { return "\(byteCount) bytes" }
    let hundredths = (Double(byteCount) / Double(1 << unit.shift) * 100).rounded()
    return Self.decimal(hundredths) + " \(unit.letter)iB"
  }

  /// Followed by the exact number: `10 MiB (10485760 bytes)`.
  var exactDescription: String { byteCount < 1024 ? description : "\(description) (\(byteCount) bytes)" }

  /// A number given in hundredths, rounded to three digits, without trailing zeros.
  static func decimal(_ hundredths: Double) -> String {
    let value = UInt64(max(0, min(hundredths, 1e18)))
    if value >= 10_000 { return String((value + 50) / 100) }
    let digits = value >= 1000 ? [(value + 5) / 10 % 10] : [value / 10 % 10, value % 10]
    let whole = value >= 1000 ? (value + 5) / 1000 * 10 + (value + 5) / 100 % 10 : value / 100
    let fraction = digits.reversed().drop { $0 == 0 }.reversed().map(String.init).joined()
    return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
  }
}
