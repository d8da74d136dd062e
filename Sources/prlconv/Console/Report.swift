#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Text on stdout, gathered and written in pieces, so that a report of any length takes little memory.
struct Report: ~Copyable {
  private static let pieceByteCount = 64 << 10

  private var pending: [UInt8] = []

  init() {
    // A reader that is gone is met as an error of `write`.
    signal(SIGPIPE, SIG_IGN)
  }

  mutating func line(_ text: String) throws { try add(text + "\n") }

  mutating func add(_ text: String) throws {
    pending.append(contentsOf: text.utf8)
    if pending.count >= Self.pieceByteCount { try writePending() }
  }

  /// Writes what has not been written yet, and asks whether all of it has arrived; to be called at the end.
  mutating func flush() throws {
    try writePending()
    // A network file system tells only at a close, and each close of a copy is one.
    let copy = dup(STDOUT_FILENO)
    guard copy < 0 || close(copy) == 0 || errno == EINTR else { throw ReportError(operation: "close", code: errno) }
  }

  private mutating func writePending() throws {
    var rest = pending[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { writeWaiting($0, to: STDOUT_FILENO) }
      guard count >= 0 else { throw ReportError(operation: "write", code: errno) }
      rest = rest.dropFirst(count)
    }
    pending.removeAll(keepingCapacity: true)
  }
}

/// Why a report could not be written.
struct ReportError: Error, CustomStringConvertible {
  var operation: String
  var code: CInt

  var isBrokenPipe: Bool { code == EPIPE }
  var description: String { "'stdout': \(operation): \(String(cString: strerror(code)))" }
}
