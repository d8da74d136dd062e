#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A system call that failed.
package struct IOError: Error, Equatable, Sendable {
  /// What was to be done.
  package enum Operation: String, Sendable {
    case open, status, read, seek, write, truncate, sync, close, rename, remove
    case reserve = "reserve space"
  }

  /// What was to be done.
  package var operation: Operation
  /// The file as the user named it, or "stdin" or "stdout".
  package var path: String
  /// Where in the file, in bytes; nil where the call has no place.
  package var offset: UInt64?
  /// The system's reason.
  package var code: CInt

  /// An error with all that is known of it.
  package init(_ operation: Operation, _ path: String, at offset: UInt64? = nil, code: CInt) {
    self.operation = operation
    self.path = path
    self.offset = offset
    self.code = code
  }

  /// Whether a wait was ended by an `Interrupt`, so that nothing is wrong with the file.
  package var isInterruption: Bool { code == ECANCELED }
  /// Whether the reader at the other end of a pipe is gone.
  package var isBrokenPipe: Bool { code == EPIPE }
  /// Whether a directory was given where a file is needed.
  package var isDirectory: Bool { code == EISDIR }
}

extension IOError: CustomStringConvertible {
  /// Operation, place and reason, without the name of the file.
  package var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "\(operation.rawValue)\(place): \(String(cString: strerror(code)))"
  }
}

extension IOError {
  /// The code of a wait that an `Interrupt` ended.
  package static let interruptedCode = ECANCELED
  /// The code of a transfer that failed without the system saying why.
  package static let inputOutputCode = EIO
}
