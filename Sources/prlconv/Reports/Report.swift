import StreamIO

/// Text on stdout, gathered and written in pieces, so that a report of any length takes little memory.
struct Report: ~Copyable {
  private static let pieceByteCount = 64 << 10

  private var pending: [UInt8] = []

  init() {
    // A reader that is gone is met as an error of `write`.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Writes a whole report.
  static func write(_ lines: [String]) throws(FileError) {
    var report = Report()
    for line in lines { try report.line(line) }
    try report.flush()
  }

  mutating func line(_ text: String) throws(FileError) { try add(text + "\n") }

  mutating func add(_ text: String) throws(FileError) {
    pending.append(contentsOf: text.utf8)
    if pending.count >= Self.pieceByteCount { try writePending() }
  }

  /// Writes what has not been written yet, and asks whether all of it has arrived; to be called at the end.
  mutating func flush() throws(FileError) {
    try writePending()
    try checkCloseOfStandardOutput()
  }

  private mutating func writePending() throws(FileError) {
    try pending.span.bytes.withUnsafeBytes { (bytes) throws(FileError) in
      try writeDescriptor(STDOUT_FILENO, bytes, name: "stdout")
    }
    pending.removeAll(keepingCapacity: true)
  }
}
