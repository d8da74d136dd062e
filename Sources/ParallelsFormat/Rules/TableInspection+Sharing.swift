extension TableInspection {
  /// Calls `body` with each entry whose cluster begins within another one, in file order.
  ///
  /// All clusters have the same size, so the other one is the previous cluster in the file; of several entries for one
  /// cluster, each later one is paired with the first. No pairs are kept, because a hostile table can have as many as
  /// entries.
  func forEachSharedCluster<Failure: Error>(_ body: (EntryProblem) throws(Failure) -> Void) throws(Failure) {
    // Clusters in disk order can't overlap, so the usual image costs neither memory nor time.
    guard !isInStreamOrder else { return }
    var order = HostOrder(of: table, inspection: self)
    var previous: (index: Int, byteOffset: UInt64)?
    while let index = order.next {
      order.advance()
      guard let byteOffset = presentByteOffset(ofEntry: table[index]) else { continue }
      if let previous, byteOffset - previous.byteOffset < header.clusterByteCount {
        let isSame = byteOffset == previous.byteOffset
        let kind: EntryProblem.Kind =
          isSame ? .duplicate(otherIndex: previous.index) : .overlap(otherIndex: previous.index)
        try body(problem(at: index, kind: kind))
        if isSame { continue }
      }
      previous = (index, byteOffset)
    }
  }
}
