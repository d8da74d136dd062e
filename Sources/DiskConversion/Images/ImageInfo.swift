public import ParallelsFormat

/// The contents of an image's header and extension, without judging the image.
public struct ImageInfo: Equatable, Sendable {
  /// A summary of the format extension.
  public struct Extension: Equatable, Sendable {
    /// Position of its cluster in the file, in bytes; nil if `ext_off` is far past any file.
    public var byteOffset: UInt64?
    /// Whether its contents are still valid.
    public var state: ExtensionState
    /// The magics of its feature sections.
    public var features: [UInt64]
    /// What is wrong with it as a whole; nil if nothing is.
    public var problem: String?
  }

  /// A summary of a dirty bitmap; values that could not be read are nil.
  public struct Bitmap: Equatable, Sendable {
    /// Its UUID.
    public var id: String?
    /// Bytes of the disk per bit.
    public var granularityByteCount: UInt64?
    /// Bytes of the disk that it covers.
    public var coveredByteCount: UInt64?
    /// Bytes of the disk that are marked.
    public var dirtyByteCount: UInt64?
    /// The number of marked runs of the disk.
    public var dirtyExtentCount: UInt64?
    /// Whether its contents are still valid.
    public var state: ExtensionState
    /// A description of the rule that it breaks, or nil.
    public var problem: String?
  }

  /// The file as the user named it, or "stdin".
  public var fileName: String
  /// Length of the file, in bytes.
  public var fileByteCount: UInt64
  /// Bytes that the file occupies on its file system.
  public var storedByteCount: UInt64
  /// The header as stored.
  public var header: Header
  /// The number of allocated clusters of the disk; nil if the file ends inside its BAT.
  public var allocatedClusterCount: Int?
  /// Whether clusters lie in disk order, so that a conversion from pipe to pipe needs no temporary file.
  ///
  /// Nil if the file ends inside its BAT.
  public var isInStreamOrder: Bool?
  /// The format extension, or nil.
  public var formatExtension: Extension?
  /// The dirty bitmaps of a readable extension.
  public var bitmaps: [Bitmap]
}

/// Whether the format extension, or a bitmap in it, can be trusted.
public enum ExtensionState: String, Sendable {
  /// It breaks no rule, and the image was closed by software that knows it.
  case valid
  /// Software that does not know the extension may have written to the disk since (`in_use` is not 0x312e3276).
  case stale
  /// It breaks a rule.
  case damaged
}
