/// Two entries of a BAT whose clusters have bytes of the file in common.
struct SharedCluster: Equatable, Sendable {
  /// The later of the two clusters of the disk.
  var index: Int
  /// The earlier one.
  var otherIndex: Int
  /// Whether they have all bytes in common, or (legacy layout only) a part.
  var isWhole: Bool

  /// The problem of the later entry.
  var kind: EntryProblem.Kind { isWhole ? .duplicate(otherIndex: otherIndex) : .overlap(otherIndex: otherIndex) }
}

extension TableInspection {
  /// Calls `body` with all pairs that share bytes and lie next to each other in the file, in the order of the file.
  ///
  /// Clusters are of one size, so one that shares bytes with any shares some with a neighbour: every cluster that
  /// shares bytes is in a pair. Of entries that name the same cluster, each is paired with the first. None of the pairs
  /// is kept: a hostile table can have as many as entries.
  func forEachSharedCluster<Failure: Error>(
    in table: BlockAllocationTable, _ body: (SharedCluster) throws(Failure) -> Void
  ) throws(Failure) {
    // Clusters in disk order do not overlap: the usual image needs neither memory nor time.
    guard !isInStreamOrder else { return }
    var order = HostOrder(of: table, inspection: self)
    var previous: (index: Int, byteOffset: UInt64)?
    while let index = order.next {
      order.advance()
      guard let byteOffset = presentByteOffset(at: index, in: table) else { continue }
      if let previous, byteOffset - previous.byteOffset < header.clusterByteCount {
        let isWhole = byteOffset == previous.byteOffset
        try body(
          SharedCluster(
            index: max(previous.index, index), otherIndex: min(previous.index, index), isWhole: isWhole))
        if isWhole { continue }
      }
      previous = (index, byteOffset)
    }
  }
}
