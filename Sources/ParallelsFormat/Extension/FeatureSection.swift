/// A feature of the format extension: its magic, its data, and what software that does not know it must do.
public struct FeatureSection: Equatable, Sendable {
  /// `flags`: what software that does not know the feature must do.
  public struct Flags: OptionSet, Equatable, Sendable {
    /// The value of the field.
    public let rawValue: UInt64
    /// Accepts any value, keeping unknown bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    /// NECESSARY: software that can't load the feature must not change the image.
    public static let necessary = Flags(rawValue: 1)
    /// TRANSIT: software that does not know the feature keeps it unchanged; without this flag, it drops the feature.
    public static let transit = Flags(rawValue: 2)
    /// The two flags that the specification defines.
    static let known: Flags = [.necessary, .transit]
  }

  /// Magic, flags, size and padding, which precede the data.
  static let headByteCount = 24

  /// `magic`: identifies the feature; never 0, which ends the list.
  public var magic: UInt64
  /// `flags`.
  public var flags: Flags
  /// The data, without the padding to a multiple of 8 bytes.
  public var data: [UInt8]

  /// Creates a section from its fields.
  public init(magic: UInt64, flags: Flags = [], data: [UInt8]) {
    self.magic = magic
    self.flags = flags
    self.data = data
  }

  /// Parses the section at `offset` of the extension's cluster; nil if it is the one that ends the list.
  init?(parsing bytes: RawSpan, at offset: Int) throws(ExtensionProblem) {
    guard bytes.byteCount >= Self.headByteCount, offset <= bytes.byteCount - Self.headByteCount else {
      throw .sectionTooLong(offset: offset)
    }
    magic = bytes.littleEndian(UInt64.self, at: offset)
    flags = Flags(rawValue: bytes.littleEndian(UInt64.self, at: offset + 8))
    let dataByteCount = Int(bytes.littleEndian(UInt32.self, at: offset + 16))
    guard magic != 0 else {
      let padding = bytes.littleEndian(UInt32.self, at: offset + 20)
      guard flags.rawValue == 0, dataByteCount == 0, padding == 0 else { throw .wrongEnd(offset: offset) }
      return nil
    }
    let start = offset + Self.headByteCount
    guard dataByteCount <= bytes.byteCount - start else { throw .sectionTooLong(offset: offset) }
    data = bytes.extracting(start..<start + dataByteCount).withUnsafeBytes { Array($0) }
  }

  /// Size of the section in the cluster, where sections begin at multiples of 8.
  var encodedByteCount: Int { Self.headByteCount + (data.count + 7) / 8 * 8 }

  /// The section as stored in the cluster.
  var encoded: [UInt8] {
    var head = magic.littleEndianBytes + flags.rawValue.littleEndianBytes
    head += UInt32(clamping: data.count).littleEndianBytes + [0, 0, 0, 0]
    let padding = encodedByteCount - head.count - data.count
    return head + data + [UInt8](repeating: 0, count: padding)
  }
}
