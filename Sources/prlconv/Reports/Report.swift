import StreamIO

/// Text for stdout, written in pieces, so that even a long report needs little memory.
struct Report: ~Copyable {
  private static let pieceByteCount = 64 << 10

  private var pending: [UInt8] = []

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

  /// Writes the rest and checks that everything arrived; call it at the end.
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
