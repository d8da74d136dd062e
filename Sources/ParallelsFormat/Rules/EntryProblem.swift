/// A BAT entry that breaks a rule (specification, section "BAT").
public struct EntryProblem: Equatable, Sendable {
  /// The rule that is broken, with the values that describe how.
  public enum Kind: Equatable, Sendable {
    /// The entry is 0xFFFFFFFF, which ploop reserves for use in memory and which is never legal in a file.
    case reserved
    /// The cluster begins inside the header or the BAT, which end at `tableEnd` (in bytes).
    case insideTable(tableEnd: UInt64)
    /// The cluster begins at or past the end of the file (size in bytes).
    case pastEnd(fileByteCount: UInt64)
    /// The file ends inside the cluster, so bytes of the disk are missing; only `foundByteCount` of them are there.
    case cutByEnd(fileByteCount: UInt64, foundByteCount: UInt64)
    /// The entry at `otherIndex` points to the same cluster.
    case duplicate(otherIndex: Int)
    /// The cluster begins inside that of the entry at `otherIndex`, which is possible only in the legacy layout.
    case overlap(otherIndex: Int)
  }

  /// Index of the entry, which is the number of the cluster on the disk.
  public var index: Int
  /// The value of the entry, in the layout's unit.
  public var entry: UInt32
  /// Position in the file where the cluster begins, in bytes.
  public var byteOffset: UInt64
  /// What is wrong with the entry.
  public var kind: Kind
}

extension EntryProblem.Kind {
  /// The broken rule.
  public var rule: Rule {
    switch self {
    case .reserved: .entryReserved
    case .insideTable: .entryInHeader
    case .pastEnd: .entryPastEnd
    case .cutByEnd: .entryCut
    case .duplicate: .entryDuplicate
    case .overlap: .entryOverlap
    }
  }

  /// The entry that points to the same bytes; nil for a problem of another kind.
  public var otherIndex: Int? {
    switch self {
    case .duplicate(let otherIndex), .overlap(let otherIndex): otherIndex
    default: nil
    }
  }

  /// Whether none of the cluster's bytes can be read.
  public var losesWholeCluster: Bool { rule.reading.remedy == .zerosInstead }

  /// Whether the cluster shares bytes of the file with another cluster of the disk.
  public var sharesCluster: Bool { rule.reading.remedy == .asItSays }
}

extension EntryProblem: RuleViolation {
  /// The broken rule, without building the text: a table can have millions of problems.
  public var rule: Rule { kind.rule }

  /// The broken rule, and a description without the file name.
  public var violation: (rule: Rule, text: String) { (rule, kind.text(of: self)) }
}

extension EntryProblem.Kind {
  fileprivate func text(of problem: EntryProblem) -> String {
    let subject = "BAT entry \(problem.index) (\(problem.entry)) points to byte \(problem.byteOffset),"
    return switch self {
    case .reserved: "BAT entry \(problem.index) is 0xFFFFFFFF, which is never valid in a file"
    case .insideTable(let tableEnd): "\(subject) inside the header or BAT (\(tableEnd) bytes)"
    case .pastEnd(let fileByteCount): "\(subject) past the end of the file (\(fileByteCount) bytes)"
    case .cutByEnd(let fileByteCount, _): "\(subject) but the file ends at byte \(fileByteCount)"
    case .duplicate(let otherIndex): "\(subject) as does BAT entry \(otherIndex)"
    case .overlap(let otherIndex): "\(subject) inside the cluster of BAT entry \(otherIndex)"
    }
  }
}
