/// Collects the format extension's cluster while its file is read (specification, section "Format Extension").
///
/// The bytes of the file may come in pieces of any size, in order, with gaps anywhere except in that cluster.
public struct ExtensionCluster: Sendable {
  /// The most bytes that are kept of the cluster: its sections must end within them, but its MD5 also covers the rest.
  ///
  /// The L1 table of the largest disk, 536,870,911 clusters with one bit per sector, takes 1 MiB whatever the cluster
  /// size.
  static let keptByteLimit = 4 << 20

  /// The position of the cluster in the file, in bytes.
  public let range: Range<UInt64>
  private var kept: [UInt8] = []
  private var digest = MD5()
  private var position: UInt64
  private let misplacement: ExtensionProblem?

  /// Prepares to collect the extension that `header` points to; nil if it points to none.
  ///
  /// An image closed by software that does not know the extension (`in_use` 0) may still point to one.
  public init?(header: Header) {
    guard header.extensionOffsetSectors != 0 else { return nil }
    let sectors = header.extensionOffsetSectors
    let reason = header.clusterPlaceProblem(sectors: sectors)
    misplacement = reason.map { .misplaced(sectors: sectors, reason: $0) }
    let start = reason == nil ? sectors * sectorByteCount : 0
    range = reason == nil ? start..<start + header.clusterByteCount : 0..<0
    position = range.lowerBound
  }

  /// Takes bytes of the file that begin at `offset`, ignoring those outside the cluster.
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

  /// Returns the extension, once the whole file of `fileByteCount` bytes was read.
  ///
  /// - Throws: What is wrong with its position, its magic, its MD5 or its sections.
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
  /// Why a cluster of the data area can't begin at this sector of the file; nil if it can.
  ///
  /// Does not check where the file ends.
  func clusterPlaceProblem(sectors: UInt64) -> String? {
    let (start, overflow) = sectors.multipliedReportingOverflow(by: sectorByteCount)
    guard !overflow, start <= UInt64(Int64.max) - clusterByteCount else { return "far past the end of any file" }
    guard start >= tableEndByteOffset else { return "inside the header or BAT (\(tableEndByteOffset) bytes)" }
    guard layout == .legacy || sectors % UInt64(sectorsPerCluster) == 0 else {
      return "not a multiple of the cluster size"
    }
    return nil
  }
}
