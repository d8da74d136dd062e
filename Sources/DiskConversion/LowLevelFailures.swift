import StreamIO

extension ConversionError {
  /// A system call that failed.
  public struct SystemFailure: Equatable, Sendable {
    /// What was to be done.
    public enum Operation: Equatable, Sendable {
      /// To open the file, or to make it.
      case open
      /// To ask for its kind and size.
      case status
      /// To read bytes.
      case read
      /// To find its end.
      case seek
      /// To write bytes.
      case write
      /// To set its length.
      case truncate
      /// To wait until it is on the disk.
      case sync
      /// To close it, which may bring an error of an earlier write to light.
      case close
      /// To give it its name.
      case rename
      /// To remove it.
      case remove
      /// To reserve space for it.
      case reserve
    }

    private let error: IOError

    init(_ error: IOError) {
      self.error = error
    }

    /// What was to be done.
    public var operation: Operation {
      switch error.operation {
      case .open: .open
      case .status: .status
      case .read: .read
      case .seek: .seek
      case .write: .write
      case .truncate: .truncate
      case .sync: .sync
      case .close: .close
      case .rename: .rename
      case .remove: .remove
      case .reserve: .reserve
      }
    }

    /// Where in the file, in bytes; nil where the call has no place.
    public var byteOffset: UInt64? { error.offset }
    /// The system's reason: the value of `errno`, as `ENOSPC`.
    public var code: CInt { error.code }

    var isBrokenPipe: Bool { error.isBrokenPipe }
    var isDirectory: Bool { error.isDirectory }
  }

  /// The reason why bytes can't be decompressed, or not compressed (RFC 1952).
  public struct GzipFailure: Equatable, Sendable {
    /// What is wrong.
    public enum Kind: Equatable, Sendable {
      /// The stream ends inside a member.
      case truncated
      /// A member's header or compressed data make no sense, or its checksum or length is wrong; zlib's words for it.
      case damaged(String)
      /// Behind the last member there are bytes that are neither a member nor zeros.
      case trailingBytes
      /// No memory for zlib.
      case outOfMemory
    }

    private let error: GzipError

    init(_ error: GzipError) {
      self.error = error
    }

    /// What is wrong.
    public var kind: Kind {
      switch error.kind {
      case .truncated: .truncated
      case .damaged(let reason): .damaged(reason)
      case .trailingBytes: .trailingBytes
      case .outOfMemory: .outOfMemory
      }
    }

    /// Where in the compressed file, in bytes.
    public var compressedByteOffset: UInt64 { error.offset }
  }
}

extension ConversionError.SystemFailure: CustomStringConvertible {
  /// Operation, place and reason, without the name of the file.
  public var description: String { error.description }
}

extension ConversionError.GzipFailure: CustomStringConvertible {
  /// Place and reason, without the name of the file.
  public var description: String { error.description }
}
