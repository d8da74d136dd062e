import ParallelsBundle
public import ParallelsFormat

/// A rule of the format that an image breaks.
public struct CheckProblem: Equatable, Sendable {
  /// The broken rule.
  public var rule: Rule
  /// The BAT entry that breaks the rule; nil for a problem of another kind.
  public var entry: EntryProblem?
  /// Position in the file, in bytes; nil if the problem has none.
  public var byteOffset: UInt64?
  /// A description of the problem.
  public var message: String
  /// The file of a bundle that it is about; nil for an image by itself.
  public var fileName: String?
}

extension CheckProblem {
  init(_ problem: some RuleViolation, byteOffset: UInt64? = nil) {
    self.init(rule: problem.rule, byteOffset: byteOffset, message: problem.description)
  }

  init(_ problem: EntryProblem) {
    self.init(rule: problem.rule, entry: problem, byteOffset: problem.byteOffset, message: problem.description)
  }

  init(_ problem: BundleProblem, fileName: String) {
    let rule = Rule(ofBundle: problem.kind.rawValue, isWarning: problem.kind.isWarning)
    self.init(rule: rule, message: problem.description, fileName: fileName)
  }

  /// Entries beyond the disk point to clusters, although no reader uses them.
  init(spareEntries allocatedCount: Int, header: Header) {
    self.init(
      rule: .spareEntries,
      message: "the BAT has \(header.batEntryCount) entries, but the disk has "
        + "\(counted(header.clusterCount, "cluster")); \(allocatedCount) of the extra entries "
        + (allocatedCount == 1 ? "is in use" : "are in use"))
  }

  /// The extension is not trustworthy, because software that does not know it may have written to the image.
  init(staleExtensionAt byteOffset: UInt64) {
    self.init(
      rule: .extensionStale, byteOffset: byteOffset,
      message: "the format extension is stale: software that does not know it may have changed the image")
  }
}
