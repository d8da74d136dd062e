/// Looks at the format extension as its bytes go by (specification, section "Format Extension").
///
/// The bytes of the file may come in any pieces, in order, with gaps anywhere but in the extension's cluster.
public struct ExtensionCheck: Sendable {
  /// The first 8 bytes of the cluster.
  public static let magic: UInt64 = 0xAB23_4CEF_23DC_EA87
  /// The magic of the one feature that is known.
  public static let dirtyBitmapMagic: UInt64 = 0x2038_5FAE_252C_B34A
  /// Magic and MD5, before the first feature section.
  static let headByteCount = 24
  /// Magic, flags, size and padding of a feature section.
  static let featureHeadByteCount = 24
  /// Most bytes of the cluster that are kept to look at its sections; a larger one is checked by its MD5 only.
  static let keptByteLimit = 1 << 20

  /// Where the cluster lies in the file, in bytes.
  public let range: Range<UInt64>
  private var kept: [UInt8] = []
  private var digest = MD5()
  private var position: UInt64
  private let misplacement: ExtensionProblem?

  /// A check of the extension that `header` names; nil when there is none.
  ///
  /// An image that was closed by software which does not know the extension (`in_use` 0) may still name one: it is
  /// checked all the same.
  public init?(header: Header) {
    guard header.extensionOffsetSectors != 0 else { return nil }
    let sectors = header.extensionOffsetSectors
    let (start, overflow) = sectors.multipliedReportingOverflow(by: sectorByteCount)
    var reason: String?
    if overflow || start > UInt64(Int64.max) - header.clusterByteCount {
      reason = "far past any file"
    } else if start < header.tableEndByteOffset {
      reason = "inside header and BAT (\(header.tableEndByteOffset) bytes)"
    } else if header.layout == .extended, sectors % UInt64(header.sectorsPerCluster) != 0 {
      reason = "not a multiple of the cluster size"
    }
    misplacement = reason.map { .misplaced(sectors: sectors, reason: $0) }
    range = reason == nil ? start..<start + header.clusterByteCount : 0..<0
    position = range.lowerBound
  }

  /// Takes bytes of the file that begin at `offset`; those of other clusters are passed over.
  public mutating func feed(_ bytes: RawSpan, at offset: UInt64) {
    let end = offset + UInt64(bytes.byteCount)
    guard position < range.upperBound, offset <= position, end > position else { return }
    let first = Int(position - offset)
    let last = Int(min(end, range.upperBound) - offset)
    let piece = bytes.extracting(first..<last)
    let inCluster = Int(position - range.lowerBound)
    let headLeft = min(max(0, Self.headByteCount - inCluster), piece.byteCount)
    digest.update(piece.extracting(headLeft..<piece.byteCount))
    for index in 0..<min(piece.byteCount, max(0, Self.keptByteLimit - kept.count)) {
      kept.append(piece.littleEndian(UInt8.self, at: index))
    }
    position += UInt64(piece.byteCount)
  }

  /// What is wrong, now that the file of `fileByteCount` bytes has gone by; nil when nothing is.
  public consuming func problem(fileByteCount: UInt64) -> ExtensionProblem? {
    if let misplacement { return misplacement }
    guard range.lowerBound < fileByteCount else {
      return .misplaced(
        sectors: range.lowerBound / sectorByteCount, reason: "past the end of the file (\(fileByteCount) bytes)")
    }
    guard position == range.upperBound else { return .cutByEnd(fileByteCount: fileByteCount) }
    let bytes = kept.span.bytes
    let magic = bytes.littleEndian(UInt64.self, at: 0)
    guard magic == Self.magic else { return .wrongMagic(magic) }
    guard Array(kept[8..<Self.headByteCount]) == digest.finish() else { return .wrongChecksum }
    return Self.sectionProblem(in: bytes, isWhole: range.upperBound - range.lowerBound == UInt64(kept.count))
  }

  /// Walks the feature sections to the one that ends them.
  private static func sectionProblem(in bytes: RawSpan, isWhole: Bool) -> ExtensionProblem? {
    var offset = headByteCount
    while offset <= bytes.byteCount - featureHeadByteCount {
      let magic = bytes.littleEndian(UInt64.self, at: offset)
      guard magic != 0 else { return nil }
      guard magic == dirtyBitmapMagic else { return .unknownFeature(magic: magic) }
      let dataByteCount = Int(bytes.littleEndian(UInt32.self, at: offset + 16))
      let end = offset + featureHeadByteCount + dataByteCount
      guard end <= bytes.byteCount else { return isWhole ? .featureTooLong(offset: offset) : nil }
      offset = (end + 7) / 8 * 8
    }
    return isWhole ? .featureTooLong(offset: offset) : nil
  }
}
