/// Why a file could not be opened, read, written or decompressed.
public struct FileError: Error, Equatable, Sendable {
  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    /// A system call failed; `code` is the value of `errno`, such as `ENOSPC`.
    case system(Operation, code: CInt)
    /// The bytes can't be decompressed, or not compressed.
    case gzip(GzipProblem)
  }

  /// What the system was asked to do.
  public enum Operation: String, Sendable {
    /// Open the file, or create it.
    case open
    /// Find out its kind and size.
    case status
    /// Read bytes.
    case read
    /// Find its end.
    case seek
    /// Write bytes.
    case write
    /// Set its length.
    case truncate
    /// Wait until it is on the disk.
    case sync
    /// Close it, which may report an error of an earlier write.
    case close
    /// Give it its name.
    case rename
    /// Remove it.
    case remove
  }

  /// Why bytes are not the gzip stream that they begin as (RFC 1952).
  public enum GzipProblem: Equatable, Sendable {
    /// The stream ends inside a member.
    case truncated
    /// A member's header or compressed data make no sense, or its checksum or length is wrong; the text is zlib's.
    case damaged(String)
    /// After the last member there are bytes that are neither a member nor zeros.
    case trailingBytes
    /// There is not enough memory for zlib.
    case outOfMemory
  }

  /// The file as the user named it, or "stdin" or "stdout".
  public let path: String
  /// Where in the file, in bytes; for gzip, in the compressed file.
  ///
  /// Nil where no single place is at fault.
  public let byteOffset: UInt64?
  /// What went wrong.
  public let reason: Reason

  package init(_ reason: Reason, path: String, at byteOffset: UInt64? = nil) {
    self.path = path
    self.byteOffset = byteOffset
    self.reason = reason
  }

  /// A system call that failed with this value of `errno`.
  package init(_ operation: Operation, _ path: String, at byteOffset: UInt64? = nil, code: CInt) {
    self.init(.system(operation, code: code), path: path, at: byteOffset)
  }
}

extension FileError: CustomStringConvertible {
  /// Operation, place and reason, without the name of the file.
  public var description: String {
    let place = byteOffset ?? 0
    return switch reason {
    case .system(let operation, let code):
      operation.rawValue + (byteOffset.map { " at byte \($0)" } ?? "") + ": " + String(cString: strerror(code))
    case .gzip(.truncated): "the gzip stream is cut off at compressed byte \(place)"
    case .gzip(.damaged(let reason)): "the gzip stream is damaged before compressed byte \(place): \(reason)"
    case .gzip(.trailingBytes): "compressed byte \(place) is neither part of a gzip member nor zero padding"
    case .gzip(.outOfMemory): "no memory to decompress"
    }
  }
}

extension FileError {
  /// The value of `errno`; nil when no system call failed.
  package var code: CInt? {
    guard case .system(_, let code) = reason else { return nil }
    return code
  }
  /// Whether an `Interrupt` ended a wait, so that nothing is wrong with the file.
  package var isInterruption: Bool { code == ECANCELED }
  /// Whether the reader at the other end of a pipe is gone.
  package var isBrokenPipe: Bool { code == EPIPE }
  /// Whether a directory was given where a file is needed.
  package var isDirectory: Bool { code == EISDIR }
}
