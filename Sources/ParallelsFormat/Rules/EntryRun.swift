/// Consecutive entries that break a rule in the same way, reported together.
public struct EntryRun: Equatable, Sendable, CustomStringConvertible {
  /// The problem of the first entry.
  public let first: EntryProblem
  /// The index of the last entry.
  public private(set) var lastIndex: Int

  /// Creates a run of one entry.
  public init(_ first: EntryProblem) {
    self.first = first
    lastIndex = first.index
  }

  /// Adds `problem` to the run; returns false if it is of a different kind or not about the next entry.
  public mutating func extend(with problem: EntryProblem) -> Bool {
    guard problem.index == lastIndex + 1, problem.kind == first.kind else { return false }
    lastIndex = problem.index
    return true
  }

  /// A description of the broken rule for all entries.
  public var description: String {
    lastIndex == first.index ? first.description : "\(first.description), and so on up to entry \(lastIndex)"
  }
}
