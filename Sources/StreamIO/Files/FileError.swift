/// Why a file could not be opened, read, written or decompressed.
public struct FileError: Error, Equatable, Sendable {
  /// What went wrong.
  public enum Reason: Equatable, Sendable {
    /// A system call failed; `code` is the value of `errno`, such as `ENOSPC`.
    case system(Operation, code: CInt)
    /// The bytes can't be compressed or decompressed.
    case gzip(GzipProblem)
    /// An input that the program itself provides failed, with an error of this description.
    case reader(String)
  }

  /// The operation that failed.
  public enum Operation: String, Sendable {
    /// Opening or creating the file.
    case open
    /// Getting its kind and size.
    case status
    /// Reading bytes.
    case read
    /// Finding its end.
    case seek
    /// Writing bytes.
    case write
    /// Sharing blocks of another file with it.
    case share = "share blocks"
    /// Setting its length.
    case truncate
    /// Waiting until it is on the disk.
    case sync
    /// Closing it, which may report the error of an earlier write.
    case close
    /// Giving it its final name.
    case rename
    /// Removing it.
    case remove
  }

  /// What is wrong with a gzip stream (RFC 1952).
  public enum GzipProblem: Equatable, Sendable {
    /// The stream ends inside a member.
    case truncated
    /// A member's header or compressed data is invalid, or its checksum or length is wrong; the text is zlib's.
    case damaged(String)
    /// The last member is followed by bytes that are neither a member nor zeros.
    case trailingBytes
    /// zlib could not allocate memory.
    case outOfMemory
  }

  /// The file as the user named it, or "stdin" or "stdout".
  public let path: String
  /// The position in the file, in bytes; for gzip, in the compressed file.
  ///
  /// Nil if the error has no single position.
  public let byteOffset: UInt64?
  /// What went wrong.
  public let reason: Reason

  package init(_ reason: Reason, path: String, at byteOffset: UInt64? = nil) {
    self.path = path
    self.byteOffset = byteOffset
    self.reason = reason
  }

  /// An error of a system call; `code` is the value of `errno`.
  package init(_ operation: Operation, _ path: String, at byteOffset: UInt64? = nil, code: CInt) {
    self.init(.system(operation, code: code), path: path, at: byteOffset)
  }
}

extension FileError: CustomStringConvertible {
  /// The operation, the position and the reason, without the file name.
  public var description: String {
    let place = byteOffset ?? 0
    return switch reason {
    case .system(let operation, let code):
      operation.rawValue + (byteOffset.map { " at byte \($0)" } ?? "") + ": " + String(cString: strerror(code))
    case .gzip(.truncated): "the gzip stream is cut off at compressed byte \(place)"
    case .gzip(.damaged(let reason)): "the gzip stream is damaged before compressed byte \(place): \(reason)"
    case .gzip(.trailingBytes): "compressed byte \(place) is neither part of a gzip member nor zero padding"
    case .gzip(.outOfMemory): "not enough memory for gzip"
    case .reader(let reason): "read at byte \(place): \(reason)"
    }
  }
}

extension FileError {
  /// The value of `errno`; nil unless a system call failed.
  package var code: CInt? {
    guard case .system(_, let code) = reason else { return nil }
    return code
  }
  /// Whether an `Interrupt` ended a wait, in which case nothing is wrong with the file.
  package var isInterruption: Bool { code == ECANCELED }
  /// Whether the reader has closed its end of the pipe.
  package var isBrokenPipe: Bool { code == EPIPE }
  /// Whether blocks can't be shared.
  package var isRefusedSharing: Bool {
    guard case .system(.share, let code) = reason else { return false }
    return !OpenFile.isFatal(code)
  }
  /// Whether the path is a directory, where a file is needed.
  package var isDirectory: Bool { code == EISDIR }
}
