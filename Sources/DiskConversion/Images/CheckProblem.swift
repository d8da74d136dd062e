public import ParallelsFormat

/// A rule of the format that an image breaks.
public struct CheckProblem: Equatable, Sendable {
  /// Which rule.
  public var rule: Rule
  /// The BAT entry that breaks it; nil when it is not about one.
  public var entry: EntryProblem?
  /// Where in the file, in bytes; nil where it has no place.
  public var byteOffset: UInt64?
  /// The broken rule in words.
  public var message: String
}

extension CheckProblem {
  init(_ problem: some RuleViolation, byteOffset: UInt64? = nil) {
    self.init(rule: problem.rule, byteOffset: byteOffset, message: problem.description)
  }

  init(_ problem: EntryProblem) {
    self.init(rule: problem.rule, entry: problem, byteOffset: problem.byteOffset, message: problem.description)
  }

  /// Entries of a table that is longer than the disk point to clusters: no reader looks at them.
  init(spareEntries allocatedCount: Int, header: Header) {
    self.init(
      rule: .spareEntries,
      message: "the BAT has \(header.batEntryCount) entries, the disk has \(header.clusterCount) clusters; "
        + "of the entries beyond it, \(allocatedCount) are in use")
  }

  /// The extension can't be trusted any more, as software that does not know it may have written to the image.
  init(staleExtensionAt byteOffset: UInt64) {
    self.init(
      rule: .extensionStale, byteOffset: byteOffset,
      message: "the format extension is stale: in_use does not say that software which knows it closed the image")
  }
}
