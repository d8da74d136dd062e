import ParallelsFormat

/// The positions of a disk's clusters in an image that was judged readable.
struct ClusterMap: Sendable {
  /// The inspection of the table.
  private(set) var inspection: TableInspection
  /// The table as stored in the image.
  private let standing: BlockAllocationTable
  /// The table without entries whose whole cluster is lost, and without those beyond the disk.
  private(set) var table: BlockAllocationTable
  /// Whether two entries share bytes of the file, so that it can't be read in one pass.
  private(set) var sharesClusters = false

  var header: Header { inspection.header }

  /// Judges the image at `path` according to `policy`.
  ///
  /// If the size of its file is unknown, the reader must check for clusters past its end. What is wrong with a cluster
  /// that `above` hides, the images above this one, is only a warning.
  ///
  /// - Throws: `header` or `entry` if the image is refused.
  init(
    judging inspection: TableInspection, path: String, policy: ReadingPolicy, below above: ChainDisk? = nil,
    events: Events
  ) throws(ConversionError) {
    self.inspection = inspection
    standing = inspection.table
    table = inspection.table
    table.deallocate(from: inspection.entryCount)
    for problem in inspection.headerProblems {
      try policy.judge(problem, as: .header(problem), of: path, events: events)
    }
    try judgeEntries(path: path, policy: policy, below: above, events: events)
  }

  /// Judges the image again, now that the size of its file is known.
  func judgedAgain(
    fileByteCount: UInt64, path: String, policy: ReadingPolicy, events: Events
  ) throws(ConversionError) -> ClusterMap {
    var again = self
    again.inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
    try again.judgeEntries(path: path, policy: policy, events: events)
    return again
  }

  private mutating func judgeEntries(
    path: String, policy: ReadingPolicy, below above: ChainDisk? = nil, events: Events
  ) throws(ConversionError) {
    var judge = EntryJudge(policy: policy, path: path, events: events)
    var judged = table
    var shares = false
    // An image in a pipe is judged again at its end: clusters that seem shared now may not be in the file at all.
    let isJudgedAgain = policy.salvages && inspection.fileByteCount == nil
    try inspection.forEachProblem { (problem) throws(ConversionError) in
      if let above, try hides(problem, above) {
        judge.reportHidden(problem)
      } else if !isJudgedAgain || !problem.kind.sharesCluster {
        try judge.judge(problem)
      }
      if problem.kind.losesWholeCluster { judged[problem.index] = 0 }
      if problem.kind.sharesCluster { shares = true }
    }
    judge.finish()
    table = judged
    sharesClusters = shares
  }

  /// Whether nothing of a problem can be seen; of two entries for the same bytes, both are in doubt.
  private func hides(_ problem: EntryProblem, _ above: ChainDisk) throws(ConversionError) -> Bool {
    for index in [problem.index, problem.kind.otherIndex ?? problem.index] {
      guard try above.hides(inspection.guestRange(ofCluster: index)) else { return false }
    }
    return true
  }
}

extension ClusterMap {
  /// Position in the file of the cluster with this number on the disk, in bytes; nil if it is not allocated.
  func hostOffset(ofCluster index: Int) -> UInt64? {
    guard index < table.count, table[index] != 0 else { return nil }
    return header.hostByteOffset(ofEntry: table[index])
  }

  /// The extent that begins at `offset` of the disk: at most one cluster, or a run of unallocated clusters.
  ///
  /// It ends at or before `end`, which is on the disk. The missing bytes of a lost cluster, or of one cut by the end of
  /// the file, are zeros, not absent: an image below this one must not show through.
  func extent(at offset: UInt64, upTo end: UInt64) -> DiskExtent {
    let size = header.clusterByteCount
    let cluster = Int(clamping: offset / size)
    let clusterEnd = min(offset - offset % size + size, end)
    if let start = hostOffset(ofCluster: cluster) {
      let host = start + offset % size
      let fileEnd = inspection.fileByteCount ?? .max
      let present = min(clusterEnd - offset, fileEnd - min(host, fileEnd))
      guard present > 0 else { return DiskExtent(offset..<clusterEnd, .zeros) }
      return DiskExtent(offset..<offset + present, .data, at: host)
    }
    let entryCount = inspection.entryCount
    // Only the entry as stored distinguishes a lost cluster from an unallocated one. Clusters beyond a short table are
    // lost.
    guard cluster < entryCount else { return DiskExtent(offset..<end, .zeros) }
    guard standing[cluster] == 0 else { return DiskExtent(offset..<clusterEnd, .zeros) }
    let last = min(Int(clamping: end.dividedRoundingUp(by: size)), entryCount)
    let next = standing.firstAllocated(from: cluster, before: last) ?? last
    return DiskExtent(offset..<min(UInt64(next) * size, end), .absent)
  }

  /// The extents of a range of the disk, each as long as possible.
  func extents(in range: Range<UInt64>) -> DiskExtents {
    DiskExtents(in: range) { (offset, end) throws(ConversionError) in extent(at: offset, upTo: end) }
  }

  /// End of the run of unallocated clusters that holds the byte at `guestOffset`, in bytes of the disk.
  func zeroEnd(from guestOffset: UInt64) -> UInt64 {
    let cluster = Int(clamping: guestOffset / header.clusterByteCount)
    guard let next = table.firstAllocated(from: cluster) else { return header.virtualByteCount }
    return min(UInt64(next) * header.clusterByteCount, header.virtualByteCount)
  }

  var figures: DiskFigures {
    DiskFigures(
      virtualByteCount: header.virtualByteCount, clusterByteCount: header.clusterByteCount,
      clusterCount: header.clusterCount, allocatedClusterCount: table.allocatedCount)
  }

  /// Bytes of the disk in allocated clusters.
  var dataByteCount: UInt64 {
    let wholeClusters = UInt64(table.allocatedCount) * header.clusterByteCount
    guard header.clusterCount > 0, hostOffset(ofCluster: Int(clamping: header.clusterCount - 1)) != nil else {
      return wholeClusters
    }
    return wholeClusters - (header.clusterCount * header.clusterByteCount - header.virtualByteCount)
  }
}
