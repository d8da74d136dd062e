import DiskConversion
import StreamIO

/// Writes lines to stderr, one at a time, and removes the progress bar before each.
final class Console: Sendable {
  static let shared = Console()

  private struct State {
    var barIsShown = false
    var isQuiet = false

    mutating func clearBar() {
      guard barIsShown else { return }
      Console.write("\r\u{1B}[K")
      barIsShown = false
    }
  }

  private let state = Locked(State(), label: "prlconv.console")

  /// Whether stderr is a terminal, so that a person is likely to read it.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Shows only errors from now on.
  func beQuiet() { state.with { $0.isQuiet = true } }

  func error(_ text: String, hint: String? = nil) {
    line("prlconv: error: \(text)", evenIfQuiet: true)
    if let hint { line("prlconv: hint: \(hint)", evenIfQuiet: true) }
  }

  func warning(_ text: String) { line("prlconv: warning: \(text)") }

  func line(_ text: String, evenIfQuiet: Bool = false) {
    state.with { state in
      guard evenIfQuiet || !state.isQuiet else { return }
      state.clearBar()
      Self.write(text.printable + "\n")
    }
  }

  /// Shows `text` in place of the previous bar; for terminals only.
  func bar(_ text: String) {
    state.with { state in
      Self.write("\r\u{1B}[K" + text)
      state.barIsShown = true
    }
  }

  func removeBar() { state.with { $0.clearBar() } }

  /// Ignores failures: there is nowhere else to report them.
  private static func write(_ text: String) {
    try? Array(text.utf8).withUnsafeBytes { try writeDescriptor(STDERR_FILENO, $0, name: "stderr") }
  }
}
