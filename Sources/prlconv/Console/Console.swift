import StreamIO
import Synchronization

/// Writes lines to stderr, each with a single call, so that no lock is held while a reader keeps it waiting.
final class Console: Sendable {
  static let shared = Console()

  /// What a pipe takes without blocking if it takes anything (PIPE_BUF).
  private static let pieceByteCount = 4096
  private static let eraseLine = "\r\u{1B}[K"

  private let isQuiet = Atomic<Bool>(false)
  private let mayHaveBar = Atomic<Bool>(false)
  private let isPatient = Atomic<Bool>(true)

  /// Whether stderr is a terminal, so that a person is likely to read it.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The width of the terminal now; 80 if it does not say.
  static var columnCount: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Shows only errors from now on.
  func beQuiet() { isQuiet.store(true, ordering: .releasing) }

  /// Leaves out, from now on, what stderr does not take at once.
  func stopWaiting() { isPatient.store(false, ordering: .releasing) }

  /// Declares that a bar may be on the terminal, or, with false, removes it.
  func hasBar(_ mayHaveBar: Bool) {
    let hadBar = self.mayHaveBar.exchange(mayHaveBar, ordering: .acquiringAndReleasing)
    if hadBar, !mayHaveBar { write(Self.eraseLine) }
  }

  func error(_ text: String, hint: String? = nil) {
    line("prlconv: error: \(text)", evenIfQuiet: true)
    if let hint { line("prlconv: hint: \(hint)", evenIfQuiet: true) }
  }

  func warning(_ text: String) { line("prlconv: warning: \(text)") }

  func line(_ text: String, evenIfQuiet: Bool = false) {
    guard evenIfQuiet || !isQuiet.load(ordering: .acquiring) else { return }
    write(whole(text))
  }

  /// Prints a line that nobody misses if stderr does not take it at once.
  func show(_ text: String) { writeWithoutWaiting(whole(text)) }

  /// Shows `text` in place of the previous bar; for terminals only.
  func bar(_ text: String) { writeWithoutWaiting(Self.eraseLine + text) }

  private func whole(_ text: String) -> String {
    (mayHaveBar.load(ordering: .acquiring) ? Self.eraseLine : "") + text.printable + "\n"
  }

  /// Ignores failures: there is nowhere else to report them.
  private func write(_ text: String) {
    guard isPatient.load(ordering: .acquiring) else { return writeWithoutWaiting(text) }
    try? Array(text.utf8).withUnsafeBytes { try writeDescriptor(STDERR_FILENO, $0, name: "stderr") }
  }

  private func writeWithoutWaiting(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
      guard poll(&request, 1, 0) == 1 else { return }
      let piece = rest.prefix(Self.pieceByteCount)
      guard (try? piece.withUnsafeBytes({ try writeDescriptor(STDERR_FILENO, $0, name: "stderr") })) != nil else {
        return
      }
      rest = rest.dropFirst(piece.count)
    }
  }
}
