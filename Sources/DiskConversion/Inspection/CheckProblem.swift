import ParallelsFormat

/// A rule of the format that an image breaks.
public struct CheckProblem: Equatable, Sendable {
  /// How grave it is.
  public enum Severity: String, Sendable {
    /// Data of the disk or of the extension is missing, ambiguous or not to be trusted.
    case corruption
    /// Space of the file is wasted.
    case leak
    /// Odd, but nothing is lost by it.
    case warning
  }

  /// Which rule, as a word for programs: `entry-past-end`.
  public var kind: String
  /// How grave it is.
  public var severity: Severity
  /// The cluster of the disk; nil when it is about none.
  public var clusterIndex: Int?
  /// The BAT entry in the layout's unit; nil when it is about none.
  public var entry: UInt32?
  /// Where in the file, in bytes; nil where it has no place.
  public var byteOffset: UInt64?
  /// The broken rule in words.
  public var message: String
}

extension CheckProblem {
  init(_ problem: HeaderProblem) {
    let kind =
      switch problem {
      case .notClosed: "not-closed"
      case .conversionUnderWay: "conversion-under-way"
      case .tableTooShort: "table-too-short"
      case .emptyFlagWithData: "empty-flag"
      case .wrongDataOffset: "data-offset"
      }
    self.init(kind: kind, severity: .corruption, message: problem.description)
  }

  init(_ problem: EntryProblem) {
    let kind =
      switch problem.kind {
      case .reserved: "entry-reserved"
      case .insideTable: "entry-in-header"
      case .pastEnd: "entry-past-end"
      case .cutByEnd: "entry-cut"
      case .duplicate: "entry-duplicate"
      case .overlap: "entry-overlap"
      }
    self.init(
      kind: kind, severity: .corruption, clusterIndex: problem.index, entry: problem.entry,
      byteOffset: problem.byteOffset, message: problem.description)
  }

  init(_ problem: HostSpaceProblem) {
    switch problem {
    case .leaked(let byteOffset, _):
      self.init(kind: "leaked-clusters", severity: .leak, byteOffset: byteOffset, message: problem.description)
    case .extensionShared(let byteOffset):
      self.init(kind: "extension-shared", severity: .corruption, byteOffset: byteOffset, message: problem.description)
    case .extensionBeforeDataArea(let byteOffset, _):
      self.init(
        kind: "extension-before-data", severity: .corruption, byteOffset: byteOffset, message: problem.description)
    }
  }

  init(_ problem: ExtensionProblem, header: Header) {
    let (offset, overflow) = header.extensionOffsetSectors.multipliedReportingOverflow(by: sectorByteCount)
    var severity = Severity.corruption
    let kind: String
    switch problem {
    case .misplaced: kind = "extension-place"
    case .cutByEnd: kind = "extension-cut"
    case .wrongMagic: kind = "extension-magic"
    case .wrongChecksum: kind = "extension-checksum"
    case .sectionTooLong, .tooLong: kind = "extension-section"
    case .wrongEnd: kind = "extension-end"
    case .unknownFeature, .necessaryFeature: (kind, severity) = ("extension-feature", .warning)
    case .unknownFlags: (kind, severity) = ("extension-flags", .warning)
    case .bitmap(_, let problem): kind = problem.word
    }
    self.init(
      kind: kind, severity: severity, byteOffset: overflow ? nil : offset, message: problem.description)
  }

  /// Entries of a table that is longer than the disk name clusters: no reader looks at them.
  init(spareEntries allocatedCount: Int, header: Header) {
    self.init(
      kind: "spare-entries", severity: .warning,
      message: "the BAT has \(header.batEntryCount) entries, the disk has \(header.clusterCount) clusters; "
        + "of the entries beyond it, \(allocatedCount) are in use")
  }

  /// The extension is not to be believed any more, as software that does not know it may have written to the image.
  init(staleExtensionAt byteOffset: UInt64) {
    self.init(
      kind: "extension-stale", severity: .warning, byteOffset: byteOffset,
      message: "the format extension is stale: in_use does not say that software which knows it closed the image")
  }

  init(_ problem: FormatError) {
    self.init(kind: "table-cut", severity: .corruption, message: problem.description)
  }
}

extension BitmapProblem {
  fileprivate var word: String {
    switch self {
    case .truncated: "bitmap-cut"
    case .wrongSize: "bitmap-size"
    case .wrongGranularity: "bitmap-granularity"
    case .wrongTableSize: "bitmap-table-size"
    case .misplacedChunk, .sharedChunk, .sharedCluster: "bitmap-table-entry"
    case .sameID: "bitmap-id"
    }
  }
}
