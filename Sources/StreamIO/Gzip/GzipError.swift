/// Why bytes are not the gzip stream that they begin as (RFC 1952).
package struct GzipError: Error, Equatable, Sendable {
  /// What is wrong.
  package enum Kind: Equatable, Sendable {
    /// The stream ends inside a member.
    case truncated
    /// A member's header or compressed data make no sense, or its checksum or length is wrong; zlib's words for it.
    case damaged(String)
    /// Behind the last member there are bytes that are neither a member nor zeros.
    case trailingBytes
    /// No memory for the decoder.
    case outOfMemory
  }

  /// What is wrong.
  package var kind: Kind
  /// The file as the user named it, or "stdin".
  package var path: String
  /// Where in the compressed file, in bytes.
  package var offset: UInt64

  /// An error with all that is known of it.
  package init(_ kind: Kind, path: String, offset: UInt64) {
    self.kind = kind
    self.path = path
    self.offset = offset
  }
}

extension GzipError: CustomStringConvertible {
  /// Place and reason, without the name of the file.
  package var description: String {
    switch kind {
    case .truncated: "the gzip stream is cut off at compressed byte \(offset)"
    case .damaged(let reason): "the gzip stream is damaged before compressed byte \(offset): \(reason)"
    case .trailingBytes: "compressed byte \(offset) is neither part of a gzip member nor zero padding"
    case .outOfMemory: "no memory to decompress"
    }
  }
}
