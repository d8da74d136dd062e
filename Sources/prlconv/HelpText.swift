/// A help text followed by examples, for which the argument parser has no place of its own.
struct HelpText {
  private let text: String
  private let examples: [Example]

  /// Nil when `text` is not a command's help, such as the version.
  init?(_ text: String) {
    let start = "USAGE: prlconv "
    guard let usage = text.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else { return nil }
    let name = usage.dropFirst(start.count).prefix { $0 != " " }
    guard let examples = Examples.byCommand[String(name)] ?? Examples.byCommand["prlconv"] else { return nil }
    self.text = text
    self.examples = examples
  }

  var lines: [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    lines += ["", "EXAMPLES:"]
    for example in examples { lines += ["  \(example.purpose)", "    \(example.line)"] }
    return lines
  }
}
