/// Entries in a row that break a rule in the same way, reported as one.
public struct EntryRun: Equatable, Sendable, CustomStringConvertible {
  /// The problem of the first entry.
  public let first: EntryProblem
  /// The index of the last entry.
  public private(set) var lastIndex: Int

  /// A run of one entry.
  public init(_ first: EntryProblem) {
    self.first = first
    lastIndex = first.index
  }

  /// Makes `problem` part of the run; returns false when it is not that of the next entry, or another one.
  public mutating func extend(with problem: EntryProblem) -> Bool {
    guard problem.index == lastIndex + 1, problem.kind == first.kind else { return false }
    lastIndex = problem.index
    return true
  }

  /// The broken rule in words, for all entries.
  public var description: String {
    lastIndex == first.index ? first.description : "\(first.description), and so on up to entry \(lastIndex)"
  }
}
