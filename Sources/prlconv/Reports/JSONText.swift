/// JSON on one line, with keys in the given order.
enum JSONText {
  /// An object; the values must already be JSON.
  ///
  /// `others` follow those of `fields`.
  static func object(
    _ fields: KeyValuePairs<String, String>, and others: KeyValuePairs<String, String> = [:]
  ) -> String {
    // The keys are our own words, which need no escaping.
    var text = "{"
    for (key, value) in Array(fields) + Array(others) {
      if text.utf8.count > 1 { text += "," }
      text += "\"\(key)\":\(value)"
    }
    return text + "}"
  }

  /// An array; the values must already be JSON.
  static func array(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }

  /// A quoted string; null when unknown.
  static func string(orNull value: String?) -> String { value.map { string($0) } ?? "null" }

  /// A number; null when unknown.
  static func number(_ value: (some BinaryInteger)?) -> String { value.map { "\($0)" } ?? "null" }

  /// Seconds with three decimals; null when unknown.
  static func seconds(_ value: Double?) -> String {
    guard let value, value.isFinite, value < 1e12 else { return "null" }
    let milliseconds = UInt64((max(0, value) * 1000).rounded())
    let fraction = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }

  /// A quoted string.
  static func string(_ value: String) -> String {
    // Almost no text needs escaping, and the check of a damaged table prints millions.
    if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      return "\"\(value)\""
    }
    var quoted = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
