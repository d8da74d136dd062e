/// The format extension: a list of feature sections in one cluster (specification, section "Format Extension").
public struct FormatExtension: Equatable, Sendable {
  /// The first 8 bytes of the cluster.
  public static let magic: UInt64 = 0xAB23_4CEF_23DC_EA87
  /// The offset, in the cluster, of the MD5 of all bytes that follow it.
  static let digestOffset = 8
  /// Magic and MD5, which precede the first feature section.
  static let headByteCount = digestOffset + MD5.digestByteCount

  /// The sections, without the one that ends the list.
  public var sections: [FeatureSection]

  /// Creates an extension from its sections.
  public init(sections: [FeatureSection]) { self.sections = sections }

  /// Parses the sections of a cluster whose magic and MD5 are right; `bytes` may be just its start.
  package init(parsing bytes: RawSpan) throws(ExtensionProblem) {
    sections = []
    var offset = Self.headByteCount
    while true {
      guard let section = try FeatureSection(parsing: bytes, at: offset) else { return }
      sections.append(section)
      offset += section.encodedByteCount
    }
  }

  /// Size of the extension up to the end of the list, in bytes.
  private var encodedByteCount: UInt64 {
    sections.reduce(UInt64(Self.headByteCount + FeatureSection.headByteCount)) { $0 + UInt64($1.encodedByteCount) }
  }

  /// - Throws: `tooLong` if the sections do not fit a cluster.
  package func checkFits(clusterByteCount: UInt64) throws(ExtensionProblem) {
    let byteCount = encodedByteCount
    guard byteCount <= clusterByteCount else {
      throw .tooLong(byteCount: byteCount, clusterByteCount: clusterByteCount)
    }
  }

  /// The start of the extension's cluster, with the MD5 of the whole cluster; the rest of it is zeros.
  ///
  /// - Throws: `tooLong` if the sections do not fit a cluster.
  public func encodedStart(clusterByteCount: UInt64) throws(ExtensionProblem) -> [UInt8] {
    try checkFits(clusterByteCount: clusterByteCount)
    let end = [UInt8](repeating: 0, count: FeatureSection.headByteCount)
    let body = sections.flatMap(\.encoded) + end
    var digest = MD5()
    digest.update(body.span.bytes)
    digest.updateWithZeros(clusterByteCount - encodedByteCount)
    return Self.magic.littleEndianBytes + digest.finish() + body
  }
}

extension FormatExtension {
  /// The extension to write, with these bitmaps, after the disk was changed.
  ///
  /// Unknown features marked TRANSIT are kept unchanged, and others are dropped. One marked NECESSARY forbids any
  /// change of the image (specification, section "Format Extension").
  ///
  /// - Throws: `necessaryFeature` for an unknown feature marked NECESSARY.
  public func rewritten(with bitmaps: [DirtyBitmap]) throws(ExtensionProblem) -> FormatExtension {
    let unknown = sections.filter { $0.magic != DirtyBitmap.magic }
    if let necessary = unknown.first(where: { $0.flags.contains(.necessary) }) {
      throw .necessaryFeature(magic: necessary.magic)
    }
    return FormatExtension(sections: bitmaps.map(\.section) + unknown.filter { $0.flags.contains(.transit) })
  }
}
