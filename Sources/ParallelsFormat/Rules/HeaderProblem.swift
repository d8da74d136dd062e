/// A rule about the image as a whole, broken by its header or by header and BAT together.
public enum HeaderProblem: Equatable, Sendable {
  /// `in_use` says that a writer has the image open or died.
  case notClosed
  /// A writer died during a conversion between the layouts: the BAT has entries in both units.
  case conversionUnderWay
  /// The BAT has fewer entries than the disk has clusters.
  case tableTooShort(entries: UInt64, clusters: UInt64)
  /// The image is flagged as empty, but clusters are allocated.
  case emptyFlagWithData(allocatedClusters: Int)
  /// `data_off`, in sectors, can't be the start of the data area, for the reason given.
  case wrongDataOffset(sectors: UInt32, reason: String)
}

extension HeaderProblem: RuleViolation {
  /// The broken rule, and a description without the file name.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .notClosed:
      (.notClosed, "the image was not closed: it is in use, or its writer crashed (in_use is 0x746F6E59)")
    case .conversionUnderWay:
      (
        .conversionUnderWay,
        "a layout change was interrupted: the BAT mixes entries of both layouts (flags bit 1, in_use 0x746F6E59)"
      )
    case .tableTooShort(let entries, let clusters):
      (
        .tableTooShort,
        "the BAT has \(counted(entries, "entry", plural: "entries")), but the disk has \(counted(clusters, "cluster"))"
      )
    case .emptyFlagWithData(let allocated):
      (.emptyFlag, "flagged as empty (flags bit 0), but the BAT has \(counted(allocated, "allocated cluster"))")
    case .wrongDataOffset(let sectors, let reason):
      (.dataOffset, "data_off (sector \(sectors)) is wrong: \(reason); it is ignored")
    }
  }
}
