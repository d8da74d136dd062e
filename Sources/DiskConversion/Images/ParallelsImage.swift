import ParallelsFormat
import StreamIO

/// A Parallels image that was found fit to be read: its header, its table and what is known of both.
struct ParallelsImage: Sendable {
  let header: Header
  /// Entries that lost their whole cluster, or belong to no cluster of the disk, are 0.
  private(set) var table: BlockAllocationTable
  private(set) var inspection: TableInspection
  /// Whether two entries share bytes of the file, so that it can't be read in one pass.
  private(set) var sharesClusters = false

  /// Reads header and BAT from the start of `stream` and judges them.
  ///
  /// `fileByteCount` is nil when the image comes by a pipe. Then what lies past its end is left to whoever reads on.
  init(
    reading stream: LookaheadStream, path: String, fileByteCount: UInt64?, policy: ReadingPolicy,
    control: ConversionControl
  ) throws(ConversionError) {
    let reader = HeadReader(stream: stream, path: path, fileByteCount: fileByteCount)
    header = try reader.readHeader()
    table = try reader.readTable(of: header)
    inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
    table.deallocate(from: inspection.entryCount)
    control.countRead(Int(clamping: header.tableEndByteOffset))
    for problem in inspection.headerProblems {
      try policy.judge(problem, as: .header(problem), of: path, control: control)
    }
    try judgeEntries(path: path, policy: policy, control: control)
  }

  /// The same image, now that the size of its file is known.
  func judgedAgain(
    fileByteCount: UInt64, path: String, policy: ReadingPolicy, control: ConversionControl
  ) throws(ConversionError) -> ParallelsImage {
    var image = self
    image.inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
    try image.judgeEntries(path: path, policy: policy, control: control)
    return image
  }

  private mutating func judgeEntries(
    path: String, policy: ReadingPolicy, control: ConversionControl
  ) throws(ConversionError) {
    var judge = EntryJudge(policy: policy, path: path, control: control)
    var judged = table
    var shares = false
    // An image in a pipe is judged again when its end is known: what looks shared now may not be there at all.
    let isJudgedAgain = policy.salvages && inspection.fileByteCount == nil
    try inspection.forEachProblem { (problem) throws(ConversionError) in
      if !isJudgedAgain || !problem.kind.sharesCluster { try judge.judge(problem) }
      if problem.kind.losesWholeCluster { judged[problem.index] = 0 }
      if problem.kind.sharesCluster { shares = true }
    }
    judge.finish()
    table = judged
    sharesClusters = shares
  }

  /// Where in the file the cluster of the disk with this number begins, in bytes; nil when it is not allocated.
  func hostOffset(ofCluster index: Int) -> UInt64? {
    guard index < table.count, table[index] != 0 else { return nil }
    return header.hostByteOffset(ofEntry: table[index])
  }

  /// Bytes of the disk in allocated clusters.
  var dataByteCount: UInt64 {
    let wholeClusters = UInt64(table.allocatedCount) * header.clusterByteCount
    guard header.clusterCount > 0, hostOffset(ofCluster: Int(clamping: header.clusterCount - 1)) != nil else {
      return wholeClusters
    }
    return wholeClusters - (header.clusterCount * header.clusterByteCount - header.virtualByteCount)
  }

  /// Where the run of unallocated clusters that holds the byte at `guestOffset` ends, in bytes of the disk.
  func zeroEnd(from guestOffset: UInt64) -> UInt64 {
    let cluster = Int(clamping: guestOffset / header.clusterByteCount)
    guard let next = table.firstAllocated(from: cluster) else { return header.virtualByteCount }
    return min(UInt64(next) * header.clusterByteCount, header.virtualByteCount)
  }
}
