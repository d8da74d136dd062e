/// The snapshots of a disk, and how they build on each other.
public struct SnapshotTree: Sendable {
  private let snapshots: [DiskDescriptor.Snapshot]
  private let top: BundleID?
  /// The snapshots by GUID.
  private let byID: [BundleID: DiskDescriptor.Snapshot]

  /// The tree of a descriptor's snapshots.
  public init(_ descriptor: DiskDescriptor) {
    snapshots = descriptor.snapshots
    top = descriptor.top
    byID = Dictionary(snapshots.map { ($0.id, $0) }) { first, _ in first }
  }

  /// The current state.
  ///
  /// - Throws: `noCurrentState`, with the candidates; `unknownState` if `TopGUID` is not a snapshot.
  public func current() throws(BundleProblem) -> BundleID {
    if let top {
      guard contains(top) else { throw BundleProblem(.unknownState, "TopGUID {\(top)} is not a snapshot") }
      return top
    }
    if contains(.current) { return .current }
    let leaves = leaves
    guard leaves.count == 1, let leaf = leaves.first else {
      let list = leaves.map { "{\($0)}" }.joined(separator: ", ")
      throw BundleProblem(.noCurrentState, "none of its states is marked as the current one: \(list)")
    }
    return leaf
  }

  /// Whether `current` had to be guessed.
  public var isCurrentGuessed: Bool { top == nil && !contains(.current) }

  /// The state that `name` stands for: "current", a GUID, or the first 8 or more characters of one.
  ///
  /// - Throws: `unknownState`, with those that exist; the errors of `current`.
  public func state(named name: String) throws(BundleProblem) -> BundleID {
    guard name != "current" else { return try current() }
    var digits = name.lowercased()[...]
    if digits.first == "{" { digits.removeFirst() }
    if digits.last == "}" { digits.removeLast() }
    let matches = snapshots.map(\.id).filter { $0.description.hasPrefix(digits) }
    if digits.count >= 8, matches.count == 1, let match = matches.first { return match }
    let reason =
      digits.count < 8
      ? "'\(name)' is too short for a snapshot: give at least 8 characters"
      : "has \(matches.isEmpty ? "no snapshot" : "several snapshots that begin with") '\(name)'"
    let list = snapshots.map { "{\($0.id)}" }.joined(separator: ", ")
    throw BundleProblem(.unknownState, "\(reason); its snapshots: \(list)")
  }

  /// A state and those that it builds on, the state first.
  ///
  /// - Throws: `chain` for a circle or more than 128 of them; `unknownParent`.
  public func chain(of state: BundleID) throws(BundleProblem) -> [BundleID] {
    var chain: [BundleID] = []
    var next: BundleID? = state
    while let id = next {
      guard !chain.contains(id) else { throw BundleProblem(.chain, "snapshot {\(id)} is its own ancestor") }
      guard chain.count < DiskDescriptor.imageLimit else {
        throw BundleProblem(.chain, "snapshot {\(state)} builds on more than \(DiskDescriptor.imageLimit) others")
      }
      guard let snapshot = byID[id] else {
        throw BundleProblem(.unknownParent, "snapshot {\(id)}, the parent of {\(chain.last ?? id)}, does not exist")
      }
      chain.append(id)
      next = snapshot.parent
    }
    return chain
  }

  /// The states that no other builds on.
  public var leaves: [BundleID] {
    let parents = Set(snapshots.compactMap(\.parent))
    return snapshots.map(\.id).filter { !parents.contains($0) }
  }

  private func contains(_ id: BundleID) -> Bool { byID[id] != nil }
}
