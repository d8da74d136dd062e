/// The format extension: a list of feature sections in a cluster of their own (specification, "Format Extension").
public struct FormatExtension: Equatable, Sendable {
  /// The first 8 bytes of the cluster.
  public static let magic: UInt64 = 0xAB23_4CEF_23DC_EA87
  /// Where the MD5 of all bytes after it stands in the cluster.
  static let digestOffset = 8
  /// Magic and MD5, before the first feature section.
  static let headByteCount = digestOffset + MD5.digestByteCount

  /// The sections, without the one that ends them.
  public var sections: [FeatureSection]

  /// An extension of these sections.
  public init(sections: [FeatureSection]) { self.sections = sections }

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

  /// Bytes of the extension, up to the end of the list.
  private var encodedByteCount: UInt64 {
    sections.reduce(UInt64(Self.headByteCount + FeatureSection.headByteCount)) { $0 + UInt64($1.encodedByteCount) }
  }

  /// - Throws: `tooLong` when the sections do not fit a cluster.
  package func checkFits(clusterByteCount: UInt64) throws(ExtensionProblem) {
    let byteCount = encodedByteCount
    guard byteCount <= clusterByteCount else {
      throw .tooLong(byteCount: byteCount, clusterByteCount: clusterByteCount)
    }
  }

  /// The start of the extension's cluster, with the MD5 of all of it; the rest, up to `clusterByteCount`, is zeros.
  ///
  /// - Throws: `tooLong` when the sections do not fit a cluster.
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
  /// What is to be written in place of this extension by software that changed the disk, with these bitmaps.
  ///
  /// Of features that are not known, those marked TRANSIT stay as they are, and others go. One marked NECESSARY
  /// forbids that the image is changed at all (specification, "Format Extension").
  ///
  /// - Throws: `necessaryFeature` for such a one.
  public func rewritten(with bitmaps: [DirtyBitmap]) throws(ExtensionProblem) -> FormatExtension {
    let unknown = sections.filter { $0.magic != DirtyBitmap.magic }
    if let necessary = unknown.first(where: { $0.flags.contains(.necessary) }) {
      throw .necessaryFeature(magic: necessary.magic)
    }
    return FormatExtension(sections: bitmaps.map(\.section) + unknown.filter { $0.flags.contains(.transit) })
  }
}
