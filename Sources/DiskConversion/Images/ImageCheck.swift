import ParallelsFormat

/// Looks for every rule of the format that an image breaks.
///
/// Only reads.
public struct ImageCheck {
  /// What came of a check.
  public struct Result: Equatable, Sendable {
    /// Problems that corrupt the image.
    public var corruptionCount = 0
    /// Clusters that nothing refers to.
    public var leakedClusterCount: UInt64 = 0
    /// Problems that do no harm.
    public var warningCount = 0
    /// Where the last cluster in use ends, in bytes; nil, as the next two, when the file ends inside its BAT.
    public var imageEndOffset: UInt64?
    /// Clusters of the disk.
    public var clusterCount: UInt64 = 0
    /// Clusters of the disk that are allocated.
    public var allocatedClusterCount: Int?
    /// Allocated clusters that do not follow, in the file, the one before them on the disk, when that is allocated.
    public var fragmentedClusterCount: Int?
    /// What a conversion would make of the image.
    public var outlook = Outlook.converts
  }

  /// What `prl2raw` would do with the image.
  public enum Outlook: Equatable, Sendable {
    /// It converts the image as it is.
    case converts
    /// It refuses unless an option makes it go on; no byte is lost then.
    case convertsWhenAllowed
    /// It refuses; salvage puts zeros for clusters that are lost, in whole or in part, and reads those that are shared
    /// as they say.
    case salvages(lostClusters: UInt64, sharedClusters: UInt64)
    /// It refuses in any case.
    case refuses
  }

  private let image: ImageFile
  private let body: (CheckProblem) -> Void
  private var result = Result()
  private var outlook = OutlookFinder()

  /// Checks `input` and calls `report` with each problem, in the order of the file's parts.
  ///
  /// - Throws: `isStream` for a pipe, `io` when the file can't be read, `format` or `isCompressed` when it is not a
  ///   Parallels image at all. A damaged image is not an error.
  public static func run(
    _ input: Endpoint, control: ConversionControl, report: @escaping (CheckProblem) -> Void
  ) throws(ConversionError) -> Result {
    let image = try DiskOpener(input, control: control).imageFile()
    var check = ImageCheck(image: image, body: report)
    check.result.clusterCount = image.header.clusterCount
    if let inspection = image.inspection {
      check.checkImage(inspection)
    } else {
      check.checkHeaderAlone()
    }
    check.checkExtension()
    check.result.outlook = check.outlook.outlook
    return check.result
  }

  private mutating func checkImage(_ inspection: TableInspection) {
    for problem in inspection.headerProblems { report(problem) }
    inspection.forEachProblem { report(CheckProblem($0)) }
    countClusters(inspection)
    result.imageEndOffset = inspection.forEachHostSpaceProblem(extensionClusters: image.extensionClusters) { problem in
      report(CheckProblem(problem, byteOffset: problem.byteOffset))
      if case .leaked(_, let count) = problem { result.leakedClusterCount += count }
    }
  }

  /// What can be found in a file that ends inside its table.
  private mutating func checkHeaderAlone() {
    report(CheckProblem(image.truncation))
    let nothing = BlockAllocationTable(count: 0)
    let inspection = TableInspection(header: image.header, table: nothing, fileByteCount: image.file.byteCount)
    for problem in inspection.headerProblems { report(problem) }
  }

  private mutating func checkExtension() {
    let header = image.header
    let (offset, overflow) = header.extensionOffsetSectors.multipliedReportingOverflow(by: sectorByteCount)
    let byteOffset = overflow ? nil : offset
    switch image.formatExtension {
    case nil: return
    case .failure(let problem): report(CheckProblem(problem, byteOffset: byteOffset))
    case .success(let readable):
      readable.forEachProblem(in: header, fileByteCount: image.file.byteCount) { problem in
        // Reported already, with all others that share the cluster, by its place in the file.
        if case .bitmap(_, .sharedChunk) = problem { return }
        report(CheckProblem(problem, byteOffset: byteOffset))
      }
      guard header.inUse != .closed else { return }
      report(CheckProblem(staleExtensionAt: header.extensionOffsetSectors * sectorByteCount))
    }
  }

  private mutating func countClusters(_ inspection: TableInspection) {
    let (header, table) = (image.header, inspection.table)
    var previous: (index: Int, end: UInt64)?
    var fragmentedCount = 0
    table.forEachAllocated(before: inspection.entryCount) { index, entry in
      let byteOffset = header.hostByteOffset(ofEntry: entry)
      if let previous, previous.index + 1 == index, previous.end != byteOffset { fragmentedCount += 1 }
      previous = (index, byteOffset + header.clusterByteCount)
    }
    result.allocatedClusterCount = inspection.allocatedCount
    result.fragmentedClusterCount = fragmentedCount
    let spareCount = table.allocatedCount - inspection.allocatedCount
    if spareCount > 0 { report(CheckProblem(spareEntries: spareCount, header: header)) }
  }

  private mutating func report(_ problem: HeaderProblem) {
    var missingCount: UInt64 = 1
    if case .tableTooShort(let entries, let clusters) = problem { missingCount = clusters - entries }
    report(CheckProblem(problem), clusterCount: missingCount)
  }

  /// `clusterCount`: clusters of the disk that the problem is about, if it is about any.
  private mutating func report(_ problem: CheckProblem, clusterCount: UInt64 = 1) {
    switch problem.rule.severity {
    case .corruption: result.corruptionCount += 1
    case .warning: result.warningCount += 1
    case .leak: break
    }
    outlook.take(problem.rule.reading, clusterCount: clusterCount)
    body(problem)
  }
}
