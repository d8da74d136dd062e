/// What can be said of a BAT before a byte of guest data is read.
public struct TableInspection: Sendable {
  /// The header that the table belongs to.
  public let header: Header
  /// The table as it was inspected.
  public let table: BlockAllocationTable
  /// Bytes of the file; nil when it comes by a pipe, and its end is known only when it comes.
  public let fileByteCount: UInt64?
  /// Entries that belong to clusters of the disk: the rest of a longer table is ignored.
  public let entryCount: Int
  /// Those of them that are not 0.
  public private(set) var allocatedCount = 0
  /// Whether the clusters lie in the file in disk order, none shared, so that one pass over the file gives the disk.
  public private(set) var isInStreamOrder = true
  /// Where the first cluster of the file after the table begins, in bytes; nil when there is none.
  private(set) var firstByteOffset: UInt64?
  /// Where the last cluster of the file begins, in bytes; nil when none is allocated.
  private(set) var lastByteOffset: UInt64?

  /// Looks at every entry once.
  public init(header: Header, table: BlockAllocationTable, fileByteCount: UInt64?) {
    self.header = header
    self.table = table
    self.fileByteCount = fileByteCount
    entryCount = min(table.count, Int(clamping: header.clusterCount))
    var free: UInt64 = 0
    table.forEachAllocated(before: entryCount) { _, entry in
      let offset = header.hostByteOffset(ofEntry: entry)
      allocatedCount += 1
      if offset < free { isInStreamOrder = false }
      free = offset + header.clusterByteCount
      if offset >= header.tableEndByteOffset { firstByteOffset = min(firstByteOffset ?? offset, offset) }
      lastByteOffset = max(lastByteOffset ?? offset, offset)
    }
  }

  /// Calls `body` with every entry that breaks a rule: first with those that lie where no cluster can, in disk order,
  /// then with those that share bytes with another, in the order of the file.
  ///
  /// An entry that has no cluster in the file claims none. Without the size of the file, what lies past its end is
  /// not found here.
  ///
  /// - Throws: What `body` throws.
  public func forEachProblem<Failure: Error>(_ body: (EntryProblem) throws(Failure) -> Void) throws(Failure) {
    try table.forEachAllocated(before: entryCount) { (index, entry) throws(Failure) in
      guard let kind = placeProblem(at: index, entry: entry) else { return }
      try body(problem(at: index, kind: kind))
    }
    try forEachSharedCluster(body)
  }

  /// What is wrong with the place of one cluster in a file of `fileByteCount` bytes, or nil.
  func placeProblem(at index: Int, entry: UInt32) -> EntryProblem.Kind? {
    if let kind = absence(ofEntry: entry) { return kind }
    guard let fileByteCount else { return nil }
    return endProblem(at: index, byteOffset: header.hostByteOffset(ofEntry: entry), fileByteCount: fileByteCount)
  }

  /// Why no byte of the entry's cluster can be in the file, or nil.
  private func absence(ofEntry entry: UInt32) -> EntryProblem.Kind? {
    let offset = header.hostByteOffset(ofEntry: entry)
    guard entry != .max else { return .reserved }
    guard offset >= header.tableEndByteOffset else { return .insideTable(tableEnd: header.tableEndByteOffset) }
    guard let fileByteCount, offset >= fileByteCount else { return nil }
    return .pastEnd(fileByteCount: fileByteCount)
  }

  /// Where in the file the cluster of an entry begins, in bytes; nil when no byte of it can be there.
  func presentByteOffset(ofEntry entry: UInt32) -> UInt64? {
    entry == 0 || absence(ofEntry: entry) != nil ? nil : header.hostByteOffset(ofEntry: entry)
  }

  /// What the end of the file, at `fileByteCount`, takes from the cluster of entry `index`, or nil.
  package func endProblem(at index: Int, byteOffset: UInt64, fileByteCount: UInt64) -> EntryProblem.Kind? {
    guard byteOffset < fileByteCount else { return .pastEnd(fileByteCount: fileByteCount) }
    let found = fileByteCount - byteOffset
    guard found < guestByteCount(ofCluster: index) else { return nil }
    return .cutByEnd(fileByteCount: fileByteCount, foundByteCount: found)
  }

  /// Bytes of the disk in cluster `index`: a cluster's size, or less for the last.
  public func guestByteCount(ofCluster index: Int) -> UInt64 {
    let start = UInt64(index) * header.clusterByteCount
    return min(header.clusterByteCount, header.virtualByteCount - start)
  }

  /// The problem `kind` of the entry at `index`, with what it takes to say so.
  package func problem(at index: Int, kind: EntryProblem.Kind) -> EntryProblem {
    EntryProblem(
      index: index, entry: table[index], byteOffset: header.hostByteOffset(ofEntry: table[index]), kind: kind)
  }
}
