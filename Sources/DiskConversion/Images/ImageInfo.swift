public import ParallelsFormat

/// What a Parallels image says of itself, without a judgement of it.
public struct ImageInfo: Equatable, Sendable {
  /// The format extension in a few words.
  public struct Extension: Equatable, Sendable {
    /// Where its cluster begins in the file, in bytes; nil when `ext_off` is far past any file.
    public var byteOffset: UInt64?
    /// Whether what it says still holds.
    public var state: ExtensionState
    /// The magics of its feature sections.
    public var features: [UInt64]
    /// What is wrong with it as a whole, in words; nil for nothing.
    public var problem: String?
  }

  /// A dirty bitmap in a few figures; what could not be read is nil.
  public struct Bitmap: Equatable, Sendable {
    /// Its UUID.
    public var id: String?
    /// Bytes of the disk that a bit stands for.
    public var granularityByteCount: UInt64?
    /// Bytes of the disk that it covers.
    public var coveredByteCount: UInt64?
    /// Bytes of the disk that are marked.
    public var dirtyByteCount: UInt64?
    /// Runs of the disk that are marked.
    public var dirtyExtentCount: UInt64?
    /// Whether what it says still holds.
    public var state: ExtensionState
    /// Which rule it breaks, in words; nil for none.
    public var problem: String?
  }

  /// The file as the user named it, or "stdin".
  public var fileName: String
  /// Length of the file, in bytes.
  public var fileByteCount: UInt64
  /// Bytes that the file takes on its file system.
  public var storedByteCount: UInt64
  /// The header as it stands.
  public var header: Header
  /// Clusters of the disk that are allocated; nil when the file ends inside its BAT.
  public var allocatedClusterCount: Int?
  /// Whether the clusters lie in disk order, so that the image can go from a pipe to a pipe without a temporary file.
  ///
  /// Nil when the file ends inside its BAT.
  public var isInStreamOrder: Bool?
  /// The format extension; nil when there is none.
  public var formatExtension: Extension?
  /// The dirty bitmaps of an extension that can be read.
  public var bitmaps: [Bitmap]
}

/// Whether the format extension, or a bitmap in it, can be believed.
public enum ExtensionState: String, Sendable {
  /// Nothing is wrong with it, and the image was closed by software that knows it.
  case valid
  /// Software that does not know the extension may have written to the disk since (`in_use` is not 0x312e3276).
  case stale
  /// It breaks a rule.
  case damaged
}
