#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A system call that failed.
public struct IOError: Error, Equatable, Sendable {
  /// What was to be done.
  public enum Operation: String, Sendable {
    case open, status, read, seek, write, truncate, sync, close, rename, remove
    case reserve = "reserve space"
  }

  /// What was to be done.
  public var operation: Operation
  /// The file as the user named it, or "stdin" or "stdout".
  public var path: String
  /// Where in the file, in bytes; nil where the call has no place.
  public var offset: UInt64?
  /// The system's reason.
  public var code: CInt

  /// An error with all that is known of it.
  public init(_ operation: Operation, _ path: String, at offset: UInt64? = nil, code: CInt) {
    self.operation = operation
    self.path = path
    self.offset = offset
    self.code = code
  }

  /// Whether a wait was ended by an `Interrupt`, so that nothing is wrong with the file.
  public var isInterruption: Bool { code == ECANCELED }
  /// Whether the reader at the other end of a pipe is gone.
  public var isBrokenPipe: Bool { code == EPIPE }
  /// Whether a directory was given where a file is needed.
  public var isDirectory: Bool { code == EISDIR }
}

extension IOError: CustomStringConvertible {
  /// Operation, place and reason, without the name of the file.
  public var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "\(operation.rawValue)\(place): \(String(cString: strerror(code)))"
  }
}

extension IOError {
  /// The code of a wait that an `Interrupt` ended.
  public static let interruptedCode = ECANCELED
  /// The code of a transfer that failed without the system saying why.
  public static let inputOutputCode = EIO
}
