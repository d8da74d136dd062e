/// A help text followed by exit statuses and examples, for which the argument parser has no place of its own.
struct HelpText {
  private let text: String
  private let examples: [Example]
  private let exitStatuses: [String]

  /// Nil when `text` is not a command's help, such as the version.
  init?(_ text: String) {
    let start = "USAGE: prlconv "
    guard let usage = text.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else { return nil }
    let name = usage.dropFirst(start.count).prefix { $0 != " " }
    guard let examples = Examples.byCommand[String(name)] ?? Examples.byCommand["prlconv"] else { return nil }
    self.text = text
    self.examples = examples
    exitStatuses = Self.exitStatuses(of: String(name))
  }

  private static func exitStatuses(of command: String) -> [String] {
    let others = "64 wrong usage; 128 + n ended by signal n"
    switch command {
    case "raw2prl", "measure", "info", "map": return ["0 done; 1 failed; \(others)"]
    case "prl2raw", "prl2prl": return ["0 done; 1 failed; 2 converted with losses; \(others)"]
    case "check": return ["0 no errors; 1 could not check; 2 corrupt; 3 leaked clusters only; \(others)"]
    case "compare": return ["0 same data; 1 different; 2 could not compare; \(others)"]
    default: return ["'prlconv COMMAND --help' says what each command's exit statuses mean."]
    }
  }

  var lines: [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    lines += ["", "EXIT STATUS:"] + exitStatuses.map { "  " + $0 }
    lines += ["", "EXAMPLES:"]
    for example in examples { lines += ["  \(example.purpose)", "    \(example.line)"] }
    return lines
  }
}
