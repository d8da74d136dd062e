/// Takes in the cluster of the format extension as its bytes go by (specification, section "Format Extension").
///
/// The bytes of the file may come in any pieces, in order, with gaps anywhere but in that cluster.
public struct ExtensionCluster: Sendable {
  /// Most bytes of the cluster that are kept; its sections have to end before, its MD5 covers the rest, too.
  ///
  /// The L1 table of the largest disk, 536,870,911 clusters with a bit a sector, has 1 MiB whatever the cluster size.
  static let keptByteLimit = 4 << 20

  /// Where the cluster lies in the file, in bytes.
  public let range: Range<UInt64>
  private var kept: [UInt8] = []
  private var digest = MD5()
  private var position: UInt64
  private let misplacement: ExtensionProblem?

  /// Room for the extension that `header` names; nil when there is none.
  ///
  /// An image that was closed by software which does not know the extension (`in_use` 0) may still name one.
  public init?(header: Header) {
    guard header.extensionOffsetSectors != 0 else { return nil }
    let sectors = header.extensionOffsetSectors
    let reason = header.clusterPlaceProblem(sectors: sectors)
    misplacement = reason.map { .misplaced(sectors: sectors, reason: $0) }
    let start = reason == nil ? sectors * sectorByteCount : 0
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
    let headLeft = min(max(0, FormatExtension.headByteCount - inCluster), piece.byteCount)
    digest.update(piece.extracting(headLeft..<piece.byteCount))
    let room = max(0, Self.keptByteLimit - kept.count)
    piece.extracting(first: room).withUnsafeBytes { kept.append(contentsOf: $0) }
    position += UInt64(piece.byteCount)
  }

  /// The extension, now that the file of `fileByteCount` bytes has gone by.
  ///
  /// - Throws: What is wrong with its place, its magic, its MD5 or its sections.
  public consuming func finish(fileByteCount: UInt64) throws(ExtensionProblem) -> FormatExtension {
    if let misplacement { throw misplacement }
    guard range.lowerBound < fileByteCount else {
      throw .misplaced(
        sectors: range.lowerBound / sectorByteCount, reason: "past the end of the file (\(fileByteCount) bytes)")
    }
    guard position == range.upperBound else { throw .cutByEnd(fileByteCount: fileByteCount) }
    let bytes = kept.span.bytes
    let magic = bytes.littleEndian(UInt64.self, at: 0)
    guard magic == FormatExtension.magic else { throw .wrongMagic(magic) }
    let sealed = kept[FormatExtension.digestOffset..<FormatExtension.headByteCount]
    guard Array(sealed) == digest.finish() else { throw .wrongChecksum }
    return try FormatExtension(parsing: bytes)
  }
}

extension Header {
  /// Why no cluster of the data area can begin at this sector of the file, or nil.
  ///
  /// Where the file ends is not looked at.
  func clusterPlaceProblem(sectors: UInt64) -> String? {
    let (start, overflow) = sectors.multipliedReportingOverflow(by: sectorByteCount)
    guard !overflow, start <= UInt64(Int64.max) - clusterByteCount else { return "far past any file" }
    guard start >= tableEndByteOffset else { return "inside header and BAT (\(tableEndByteOffset) bytes)" }
    guard layout == .legacy || sectors % UInt64(sectorsPerCluster) == 0 else {
      return "not a multiple of the cluster size"
    }
    return nil
  }
}
