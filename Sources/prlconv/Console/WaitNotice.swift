import StreamIO
import Synchronization

/// Says, at a terminal and after a second, that a command waits until a program opens a FIFO for writing.
final class WaitNotice: Sendable {
  private let isOver = Atomic<Bool>(false)

  /// Begins to wait if `path` is a FIFO.
  init(for path: String) {
    var status = stat()
    guard Console.isTerminal, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return }
    _ = startThread {
      sleep(1)
      guard !self.isOver.load(ordering: .acquiring) else { return }
      Console.shared.line("prlconv: waiting for a writer of '\(path)'")
    }
  }

  /// Ends the wait.
  func end() { isOver.store(true, ordering: .releasing) }
}
