/// A rule of the format that an image can break.
///
/// The rule alone determines how severe a violation is and what a conversion does about it: reading, checking and the
/// table in `Documentation/Format.md` all use these values.
public struct Rule: Sendable {
  /// How severe it is to break a rule.
  public enum Severity: String, Sendable {
    /// Data of the disk or of the extension is missing, ambiguous or not trustworthy.
    case corruption
    /// Space in the file is wasted.
    case leak
    /// Unusual, but nothing is lost.
    case warning
  }

  /// The identifier that `check` prints.
  public let word: String
  /// How severe it is to break the rule.
  public let severity: Severity
  /// What a conversion does if the image breaks the rule.
  public let reading: Reading
  /// A description of violations, in Markdown.
  public let summary: String

  private init(_ word: String, _ summary: String, _ reading: Reading = .warned, severity: Severity = .corruption) {
    (self.word, self.severity, self.reading, self.summary) = (word, severity, reading, summary)
  }

  /// A rule that is not one of the image format: what breaks it is about a bundle as a whole.
  package init(ofBundle word: String, isWarning: Bool) {
    self.init(word, "", isWarning ? .warned : .refused, severity: isWarning ? .warning : .corruption)
  }
}

extension Rule {
  /// The file does not begin with a readable header.
  public static let notAnImage = Rule(
    "not-an-image", "wrong magic or version, `tracks` 0, or shorter than the header", .refused)
  /// The disk, the table or the clusters exceed the limits of the format or its readers.
  public static let pastLimits = Rule(
    "past-limits", "disk larger than 2⁶³ − 1 bytes; more entries or larger clusters than readers accept", .refused)
  /// The file ends inside the BAT.
  public static let tableCut = Rule("table-cut", "BAT cut off by the end of the file", .refused)

  /// A change of layout was interrupted.
  public static let conversionUnderWay = Rule(
    "conversion-under-way", "flag \"format conversion\" set, and image not closed", .refused)
  /// A writer has the image open, or died.
  public static let notClosed = Rule("not-closed", "`in_use` says \"not closed\"", .refusedUnless(.dirty, .asItIs))
  /// The BAT is shorter than the disk.
  public static let tableTooShort = Rule(
    "table-too-short", "BAT shorter than the disk", .refusedUnless(.salvage, .zerosForTheRest))
  /// The image is flagged as empty, but is not.
  public static let emptyFlag = Rule(
    "empty-flag", "flag \"empty\" set, but the BAT is not all zeros", .refusedUnless(.salvage, .readAnyway))
  /// `data_off` is wrong.
  public static let dataOffset = Rule("data-offset", "wrong `data_off` (0 is valid in the legacy layout)")

  /// An entry has the reserved value.
  public static let entryReserved = Rule("entry-reserved", "entry 0xFFFFFFFF", .refusedUnless(.salvage, .zerosInstead))
  /// An entry points into the header or the BAT.
  public static let entryInHeader = Rule(
    "entry-in-header", "entry inside the header or the BAT", .refusedUnless(.salvage, .zerosInstead))
  /// An entry points past the end of the file.
  public static let entryPastEnd = Rule(
    "entry-past-end", "entry at or past the end of the file", .refusedUnless(.salvage, .zerosInstead))
  /// The file ends inside a cluster.
  public static let entryCut = Rule(
    "entry-cut", "cluster cut off by the end of the file, guest bytes missing",
    .refusedUnless(.salvage, .zerosForTheRest))
  /// Two entries point to one cluster.
  public static let entryDuplicate = Rule(
    "entry-duplicate", "two entries for one cluster", .refusedUnless(.salvage, .asItSays))
  /// Two clusters overlap in part.
  public static let entryOverlap = Rule(
    "entry-overlap", "clusters that overlap in part", .refusedUnless(.salvage, .asItSays))
  /// Entries beyond the disk are in use.
  public static let spareEntries = Rule(
    "spare-entries", "entries in use beyond the end of the disk", .silent, severity: .warning)

  /// Nothing refers to some clusters of the data area.
  public static let leakedClusters = Rule(
    "leaked-clusters", "clusters that are not referenced", .silent, severity: .leak)
  /// The extension or its bitmaps share a cluster with something else.
  public static let extensionShared = Rule(
    "extension-shared", "cluster of the extension or of a bitmap that is also in use for something else", .silent)
  /// A cluster of the extension or its bitmaps lies before the data area.
  public static let extensionBeforeData = Rule(
    "extension-before-data",
    "cluster of the extension or of a bitmap before the data area that a valid `data_off` gives", .silent)

  /// `ext_off` does not point to a valid cluster position.
  public static let extensionPlace = Rule(
    "extension-place",
    "`ext_off` inside the header or the BAT, between clusters (extended layout), or past the end of the file")
  /// The file ends inside the extension.
  public static let extensionCut = Rule("extension-cut", "extension cut off by the end of the file")
  /// The extension has the wrong magic.
  public static let extensionMagic = Rule("extension-magic", "wrong magic in the extension")
  /// The extension has the wrong MD5.
  public static let extensionChecksum = Rule("extension-checksum", "wrong MD5 in the extension")
  /// A feature section does not end in time, or the sections do not fit.
  public static let extensionSection = Rule(
    "extension-section", "feature section that does not end within the cluster or its first 4 MiB")
  /// The section that ends the list is not all zeros.
  public static let extensionEnd = Rule("extension-end", "last feature section that is not all zeros")
  /// The extension has an unknown feature.
  public static let extensionFeature = Rule("extension-feature", "unknown feature", severity: .warning)
  /// A feature has unknown flags.
  public static let extensionFlags = Rule("extension-flags", "feature with unknown flags", severity: .warning)
  /// The image was not closed by software that knows the extension.
  public static let extensionStale = Rule(
    "extension-stale", "extension in an image whose `in_use` is not 0x312e3276", .silent, severity: .warning)

  /// The section of a bitmap ends before its fields or its L1 table do.
  public static let bitmapCut = Rule("bitmap-cut", "bitmap section too short for its L1 table")
  /// The size of a bitmap differs from that of the disk.
  public static let bitmapSize = Rule("bitmap-size", "bitmap whose size is not that of the disk")
  /// The granularity of a bitmap is not a power of two.
  public static let bitmapGranularity = Rule("bitmap-granularity", "granularity that is not a power of two")
  /// The L1 table of a bitmap has the wrong length.
  public static let bitmapTableSize = Rule("bitmap-table-size", "L1 table of the wrong length")
  /// An L1 entry does not point to a valid cluster position, or points to a cluster in use.
  public static let bitmapTableEntry = Rule(
    "bitmap-table-entry",
    "L1 entry outside the data area or the file, between clusters (extended layout), or for a cluster in use")
  /// Two bitmaps have the same id.
  public static let bitmapID = Rule("bitmap-id", "ID that an earlier bitmap has")

  /// All rules, in the order in which an image is examined.
  public static let all: [Rule] = [
    notAnImage, pastLimits, tableCut,
    conversionUnderWay, notClosed, tableTooShort, emptyFlag, dataOffset,
    entryReserved, entryInHeader, entryPastEnd, entryCut, entryDuplicate, entryOverlap, spareEntries,
    leakedClusters, extensionShared, extensionBeforeData,
    extensionPlace, extensionCut, extensionMagic, extensionChecksum, extensionSection, extensionEnd,
    extensionFeature, extensionFlags, extensionStale,
    bitmapCut, bitmapSize, bitmapGranularity, bitmapTableSize, bitmapTableEntry, bitmapID,
  ]
}

extension Rule: Equatable {
  /// Compares the words, which identify the rules.
  public static func == (first: Rule, second: Rule) -> Bool { first.word == second.word }
}

/// How an image, or a new image, breaks a rule.
public protocol RuleViolation: Equatable, Sendable, CustomStringConvertible {
  /// The broken rule, and a description without the file name.
  var violation: (rule: Rule, text: String) { get }
}

extension RuleViolation {
  /// The broken rule.
  public var rule: Rule { violation.rule }
  /// A description of the violation, without the file name.
  public var description: String { violation.text }
}
