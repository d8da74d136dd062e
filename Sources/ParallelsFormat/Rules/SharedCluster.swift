/// Two entries of a BAT whose clusters have bytes of the file in common.
struct SharedCluster: Equatable, Sendable {
  /// The cluster of the disk that begins inside the other one, or, in one place with it, has the higher number.
  var index: Int
  /// The other one.
  var otherIndex: Int
  /// Whether they have all bytes in common, or (legacy layout only) a part.
  var isWhole: Bool

  /// The problem of the entry that is named.
  var kind: EntryProblem.Kind { isWhole ? .duplicate(otherIndex: otherIndex) : .overlap(otherIndex: otherIndex) }
}
