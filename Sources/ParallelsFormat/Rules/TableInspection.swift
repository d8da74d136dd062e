/// What a BAT reveals before any guest data is read.
public struct TableInspection: Sendable {
  /// The header that the table belongs to.
  public let header: Header
  /// The table that was inspected.
  public let table: BlockAllocationTable
  /// Size of the file, in bytes; nil if it comes through a pipe, where the size is known only at the end.
  public let fileByteCount: UInt64?
  /// The number of entries for clusters of the disk; a longer table's other entries are ignored.
  public let entryCount: Int
  /// The number of those entries that are not 0.
  public private(set) var allocatedCount = 0
  /// Whether the clusters lie in disk order, none shared, so that a single pass over the file gives the disk.
  public private(set) var isInStreamOrder = true
  /// Position of the first cluster in the file after the table, in bytes, or nil.
  private(set) var firstByteOffset: UInt64?
  /// Position of the last cluster in the file, in bytes; nil if none is allocated.
  private(set) var lastByteOffset: UInt64?

  /// Examines every entry once.
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

  /// Calls `body` with every entry that breaks a rule: first those with an impossible position, in disk order, then
  /// those that share bytes, in file order.
  ///
  /// An entry whose cluster is not in the file does not count as sharing. If the size of the file is unknown, clusters
  /// past its end are not found.
  ///
  /// - Throws: Any error that `body` throws.
  public func forEachProblem<Failure: Error>(_ body: (EntryProblem) throws(Failure) -> Void) throws(Failure) {
    try table.forEachAllocated(before: entryCount) { (index, entry) throws(Failure) in
      guard let kind = placeProblem(at: index, entry: entry) else { return }
      try body(problem(at: index, kind: kind))
    }
    try forEachSharedCluster(body)
  }

  /// What is wrong with the position of a cluster; nil if nothing is.
  func placeProblem(at index: Int, entry: UInt32) -> EntryProblem.Kind? {
    if let kind = absence(ofEntry: entry) { return kind }
    guard let fileByteCount else { return nil }
    return endProblem(at: index, byteOffset: header.hostByteOffset(ofEntry: entry), fileByteCount: fileByteCount)
  }

  /// Why none of the bytes of an entry's cluster can be in the file; nil if some can.
  private func absence(ofEntry entry: UInt32) -> EntryProblem.Kind? {
    let offset = header.hostByteOffset(ofEntry: entry)
    guard entry != .max else { return .reserved }
    guard offset >= header.tableEndByteOffset else { return .insideTable(tableEnd: header.tableEndByteOffset) }
    guard let fileByteCount, offset >= fileByteCount else { return nil }
    return .pastEnd(fileByteCount: fileByteCount)
  }

  /// Position of an entry's cluster in the file, in bytes; nil if none of its bytes can be there.
  func presentByteOffset(ofEntry entry: UInt32) -> UInt64? {
    entry == 0 || absence(ofEntry: entry) != nil ? nil : header.hostByteOffset(ofEntry: entry)
  }

  /// What is wrong if the file ends at `fileByteCount` and the cluster of entry `index` begins at `byteOffset`, or nil.
  package func endProblem(at index: Int, byteOffset: UInt64, fileByteCount: UInt64) -> EntryProblem.Kind? {
    guard byteOffset < fileByteCount else { return .pastEnd(fileByteCount: fileByteCount) }
    let found = fileByteCount - byteOffset
    guard found < guestByteCount(ofCluster: index) else { return nil }
    return .cutByEnd(fileByteCount: fileByteCount, foundByteCount: found)
  }

  /// Bytes of the disk in cluster `index`: the cluster size, or less for the last cluster.
  public func guestByteCount(ofCluster index: Int) -> UInt64 {
    let start = UInt64(index) * header.clusterByteCount
    return min(header.clusterByteCount, header.virtualByteCount - start)
  }

  /// The bytes of the disk in cluster `index`.
  public func guestRange(ofCluster index: Int) -> Range<UInt64> {
    let start = UInt64(index) * header.clusterByteCount
    return start..<start + guestByteCount(ofCluster: index)
  }

  /// Describes the problem `kind` of the entry at `index`.
  package func problem(at index: Int, kind: EntryProblem.Kind) -> EntryProblem {
    EntryProblem(
      index: index, entry: table[index], byteOffset: header.hostByteOffset(ofEntry: table[index]), kind: kind)
  }
}
