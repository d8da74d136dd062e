/// A rule of the format that an image can break.
///
/// The raw value is the word that `check` prints. What a conversion does about a broken rule, and how severe it is,
/// follows from the rule alone: reading, checking and the documentation all use this table.
public enum Rule: String, CaseIterable, Sendable {
  /// The file does not begin with a header that can be read.
  case notAnImage = "not-an-image"
  /// Disk, table or clusters are larger than the format or its readers allow.
  case pastLimits = "past-limits"
  /// The file ends inside the BAT.
  case tableCut = "table-cut"

  /// A change of layout was interrupted.
  case conversionUnderWay = "conversion-under-way"
  /// A writer has the image open, or died.
  case notClosed = "not-closed"
  /// The BAT is shorter than the disk.
  case tableTooShort = "table-too-short"
  /// The image is flagged as empty, but is not.
  case emptyFlag = "empty-flag"
  /// `data_off` is wrong.
  case dataOffset = "data-offset"

  /// An entry has the reserved value.
  case entryReserved = "entry-reserved"
  /// An entry points into the header or the BAT.
  case entryInHeader = "entry-in-header"
  /// An entry points past the end of the file.
  case entryPastEnd = "entry-past-end"
  /// The file ends inside a cluster.
  case entryCut = "entry-cut"
  /// Two entries point to one cluster.
  case entryDuplicate = "entry-duplicate"
  /// Two clusters overlap in part.
  case entryOverlap = "entry-overlap"
  /// Entries beyond the disk are in use.
  case spareEntries = "spare-entries"

  /// Nothing refers to clusters of the data area.
  case leakedClusters = "leaked-clusters"
  /// The extension or its bitmaps share a cluster with something else.
  case extensionShared = "extension-shared"
  /// A cluster of the extension or its bitmaps lies before the data area.
  case extensionBeforeData = "extension-before-data"

  /// `ext_off` is not the place of a cluster.
  case extensionPlace = "extension-place"
  /// The file ends inside the extension.
  case extensionCut = "extension-cut"
  /// The extension has another magic.
  case extensionMagic = "extension-magic"
  /// The extension has another MD5.
  case extensionChecksum = "extension-checksum"
  /// A feature section has no end, or the sections do not fit.
  case extensionSection = "extension-section"
  /// The section that ends the list is not all zeros.
  case extensionEnd = "extension-end"
  /// A feature is not known.
  case extensionFeature = "extension-feature"
  /// Flags of a feature are not known.
  case extensionFlags = "extension-flags"
  /// Software that does not know the extension closed the image.
  case extensionStale = "extension-stale"

  /// The section of a bitmap ends before its fields or its L1 table do.
  case bitmapCut = "bitmap-cut"
  /// A bitmap is not as large as the disk.
  case bitmapSize = "bitmap-size"
  /// The granularity of a bitmap is not a power of two.
  case bitmapGranularity = "bitmap-granularity"
  /// The L1 table of a bitmap has the wrong length.
  case bitmapTableSize = "bitmap-table-size"
  /// An entry of an L1 table is not the place of a cluster, or of one that is in use.
  case bitmapTableEntry = "bitmap-table-entry"
  /// Two bitmaps have the same id.
  case bitmapID = "bitmap-id"
}

extension Rule {
  /// How severe it is that a rule is broken.
  public enum Severity: String, Sendable {
    /// Data of the disk or of the extension is missing, ambiguous or not to be trusted.
    case corruption
    /// Space of the file is wasted.
    case leak
    /// Odd, but nothing is lost by it.
    case warning
  }

  /// How severe it is that the rule is broken.
  public var severity: Severity { facts.severity }
  /// What a conversion of the disk does when the rule is broken.
  public var reading: Reading { facts.reading }
  /// What breaks the rule, in Markdown.
  public var summary: String { facts.summary }
}

/// How an image, or an image to be written, breaks a rule.
public protocol RuleViolation: Equatable, Sendable, CustomStringConvertible {
  /// The rule that is broken.
  var rule: Rule { get }
}
