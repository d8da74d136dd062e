/// A BAT entry that breaks a rule (specification, section "BAT").
public struct EntryProblem: Equatable, Sendable {
  /// Which rule, with what it takes to say so.
  public enum Kind: Equatable, Sendable {
    /// 0xFFFFFFFF, which ploop reserves for use in memory and which is never legal in a file.
    case reserved
    /// The cluster begins inside header or BAT, which end at `tableEnd` (bytes).
    case insideTable(tableEnd: UInt64)
    /// The cluster begins at or past the end of the file (bytes).
    case pastEnd(fileByteCount: UInt64)
    /// The file ends inside the cluster and bytes of the disk are missing; `foundByteCount` of them are there.
    case cutByEnd(fileByteCount: UInt64, foundByteCount: UInt64)
    /// The entry at `otherIndex` names the same cluster.
    case duplicate(otherIndex: Int)
    /// The cluster begins inside that of the entry at `otherIndex`; possible in the legacy layout only.
    case overlap(otherIndex: Int)
  }

  /// Which entry: the number of the cluster of the disk.
  public var index: Int
  /// The entry, in the layout's unit.
  public var entry: UInt32
  /// Where the cluster begins in the file, in bytes.
  public var byteOffset: UInt64
  /// What is wrong with it.
  public var kind: Kind
}

extension EntryProblem.Kind {
  /// The rule that is broken.
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

  /// Whether no byte of the cluster can be read.
  public var losesWholeCluster: Bool { rule.reading.remedy == .zerosInstead }

  /// Whether bytes of the file belong to two clusters of the disk.
  public var sharesCluster: Bool { rule.reading.remedy == .asItSays }
}

extension EntryProblem: RuleViolation {
  /// The rule that is broken: without the text, which a table with millions of problems would make in vain.
  public var rule: Rule { kind.rule }

  /// The broken rule, and what breaks it in words, without the name of the file.
  public var violation: (rule: Rule, text: String) { (rule, kind.text(of: self)) }
}

extension EntryProblem.Kind {
  fileprivate func text(of problem: EntryProblem) -> String {
    let subject = "BAT entry \(problem.index) (\(problem.entry)) points to byte \(problem.byteOffset),"
    return switch self {
    case .reserved: "BAT entry \(problem.index) is 0xFFFFFFFF, which is never legal in a file"
    case .insideTable(let tableEnd): "\(subject) inside header and BAT (\(tableEnd) bytes)"
    case .pastEnd(let fileByteCount): "\(subject) past the end of the file (\(fileByteCount) bytes)"
    case .cutByEnd(let fileByteCount, let found):
      "\(subject) and the file ends \(found) bytes into that cluster (\(fileByteCount) bytes)"
    case .duplicate(let otherIndex): "\(subject) as BAT entry \(otherIndex) does"
    case .overlap(let otherIndex): "\(subject) into the cluster of BAT entry \(otherIndex)"
    }
  }
}
