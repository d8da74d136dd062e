/// The format extension: a list of feature sections in a cluster of their own (specification, "Format Extension").
public struct FormatExtension: Equatable, Sendable {
  /// The first 8 bytes of the cluster.
  public static let magic: UInt64 = 0xAB23_4CEF_23DC_EA87
  /// Where the MD5 of all bytes behind it stands in the cluster.
  static let digestOffset = 8
  /// Magic and MD5, before the first feature section.
  static let headByteCount = digestOffset + MD5.digestByteCount

  /// The sections, without the one that ends them.
  public var sections: [FeatureSection]

  /// An extension of these sections.
  public init(sections: [FeatureSection]) {
    self.sections = sections
  }

  /// Reads the sections of a cluster whose magic and MD5 are right; `bytes` are its start, or all of it.
  init(parsing bytes: RawSpan) throws(ExtensionProblem) {
    sections = []
    var offset = Self.headByteCount
    while true {
      guard let section = try FeatureSection(parsing: bytes, at: offset) else { return }
      sections.append(section)
      offset += section.encodedByteCount
    }
  }

  /// The cluster of `clusterByteCount` bytes as it stands in the file, with its MD5.
  public func encoded(clusterByteCount: Int) throws(ExtensionProblem) -> [UInt8] {
    let needed = sections.reduce(Self.headByteCount + FeatureSection.headByteCount) { $0 + $1.encodedByteCount }
    guard needed <= clusterByteCount else {
      throw .tooLong(byteCount: needed, clusterByteCount: clusterByteCount)
    }
    var body = sections.flatMap(\.encoded)
    body += [UInt8](repeating: 0, count: clusterByteCount - Self.headByteCount - body.count)
    var digest = MD5()
    digest.update(body.span.bytes)
    return Self.magic.littleEndianBytes + digest.finish() + body
  }
}
