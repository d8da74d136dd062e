import Dispatch
import StreamIO

/// Lines on stderr, one at a time, with the progress bar out of their way.
final class Console: @unchecked Sendable {  // SAFETY: everything is touched on `queue` only.
  static let shared = Console()

  private let queue = DispatchQueue(label: "prlconv.console")
  private var barIsShown = false
  private var isQuiet = false

  /// Whether a person reads stderr.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// From now on only errors are shown.
  func beQuiet() { queue.sync { isQuiet = true } }

  func error(_ text: String, hint: String? = nil) {
    line("prlconv: error: \(text)", evenIfQuiet: true)
    if let hint { line("prlconv: hint: \(hint)", evenIfQuiet: true) }
  }

  func warning(_ text: String) { line("prlconv: warning: \(text)") }

  func line(_ text: String, evenIfQuiet: Bool = false) {
    queue.sync {
      guard evenIfQuiet || !isQuiet else { return }
      clearBar()
      write(text.printable + "\n")
    }
  }

  /// Shows `text` in the place of the bar before; terminals only.
  func bar(_ text: String) {
    queue.sync {
      write("\r\u{1B}[K" + text)
      barIsShown = true
    }
  }

  func removeBar() { queue.sync { clearBar() } }

  private func clearBar() {
    guard barIsShown else { return }
    write("\r\u{1B}[K")
    barIsShown = false
  }

  /// A failure is ignored: there is no other place to report it.
  private func write(_ text: String) {
    try? Array(text.utf8).withUnsafeBytes { try writeDescriptor(STDERR_FILENO, $0, name: "stderr") }
  }
}
