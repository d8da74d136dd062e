extension TableInspection {
  /// Calls `body` with each entry whose cluster begins where bytes of another are, in the order of the file.
  ///
  /// Clusters are of one size, so the other is the one before it in the file; of entries that name the same cluster,
  /// each after the first is paired with the first. None of the pairs is kept: a hostile table can have as many as
  /// entries.
  func forEachSharedCluster<Failure: Error>(_ body: (EntryProblem) throws(Failure) -> Void) throws(Failure) {
    // Clusters in disk order do not overlap: the usual image needs neither memory nor time.
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
