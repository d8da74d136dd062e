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
    if pending.count >= Self.pieceByteCount { try flush() }
  }

  /// Writes what has not been written yet; to be called at the end.
  mutating func flush() throws {
    var rest = pending[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite($0) }
      guard count >= 0 || errno == EINTR else { throw ReportError(code: errno) }
      rest = rest.dropFirst(max(0, count))
    }
    pending.removeAll(keepingCapacity: true)
  }
}

/// Why a report could not be written.
struct ReportError: Error, CustomStringConvertible {
  var code: CInt

  var isBrokenPipe: Bool { code == EPIPE }
  var description: String { "'stdout': write: \(String(cString: strerror(code)))" }
}

private func systemWrite(_ bytes: UnsafeRawBufferPointer) -> Int {
  write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
}
