import ParallelsFormat

/// Looks for every rule of the format that an image breaks.
///
/// Only reads.
public struct ImageCheck {
  /// What came of a check.
  public struct Result: Equatable, Sendable {
    /// Problems that were told, of each severity.
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
    /// It refuses until it is told to go on; no byte is lost then.
    case convertsWhenAllowed
    /// It refuses; salvage puts zeros for clusters that are lost, in whole or in part, and reads those that are shared
    /// as they say.
    case salvages(lostClusters: UInt64, sharedClusters: UInt64)
    /// It refuses in any case.
    case refuses
  }

  private let image: InspectedImage
  private let report: (CheckProblem) -> Void
  private var result = Result()

  private init(image: InspectedImage, report: @escaping (CheckProblem) -> Void) {
    self.image = image
    self.report = report
  }

  /// Checks `input` and calls `report` with each problem, in the order of the file's parts.
  ///
  /// - Throws: `isStream` for a pipe, `io` when the file can't be read, `format` or `isCompressed` when it is no Parallels
  ///   image at all. A damaged image is no error.
  public static func run(
    _ input: Endpoint, control: ConversionControl, report: @escaping (CheckProblem) -> Void
  ) throws(ConversionError) -> Result {
    let image = try InspectedImage(input, interrupt: control.interrupt)
    var check = ImageCheck(image: image, report: report)
    check.result.clusterCount = image.header.clusterCount
    if let table = image.table {
      check.checkImage(table)
    } else {
      check.checkHeaderAlone()
    }
    check.checkExtension()
    return check.result
  }

  private mutating func checkImage(_ table: BlockAllocationTable) {
    let inspection = image.inspection(of: table)
    var outlook = OutlookFinder()
    for problem in inspection.headerProblems {
      tell(CheckProblem(problem))
      outlook.meet(problem)
    }
    inspection.forEachProblem { problem in
      tell(CheckProblem(problem))
      outlook.meet(problem)
    }
    result.outlook = outlook.outlook
    countClusters(table, inspection: inspection)
    result.imageEndOffset = inspection.forEachHostSpaceProblem(extensionClusters: image.extensionClusters) { problem in
      tell(CheckProblem(problem))
      if case .leaked(_, let count) = problem { result.leakedClusterCount += count }
    }
  }

  /// What can be found in a file that ends inside its table.
  private mutating func checkHeaderAlone() {
    tell(CheckProblem(image.truncation))
    let nothing = BlockAllocationTable(count: 0)
    for problem in image.inspection(of: nothing).headerProblems { tell(CheckProblem(problem)) }
    result.outlook = .refuses
  }

  private mutating func checkExtension() {
    let header = image.header
    switch image.formatExtension {
    case nil: return
    case .failure(let problem): tell(CheckProblem(problem, header: header))
    case .success(let readable):
      readable.forEachProblem(in: header, fileByteCount: image.fileByteCount) { problem in
        // Told already, with all others that share the cluster, by its place in the file.
        if case .bitmap(_, .sharedChunk) = problem { return }
        tell(CheckProblem(problem, header: header))
      }
      guard header.inUse != .closed else { return }
      tell(CheckProblem(staleExtensionAt: header.extensionOffsetSectors * sectorByteCount))
    }
  }

  private mutating func countClusters(_ table: BlockAllocationTable, inspection: TableInspection) {
    let header = image.header
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
    if spareCount > 0 { tell(CheckProblem(spareEntries: spareCount, header: header)) }
  }

  private mutating func tell(_ problem: CheckProblem) {
    switch problem.severity {
    case .corruption: result.corruptionCount += 1
    case .warning: result.warningCount += 1
    case .leak: break
    }
    report(problem)
  }
}

/// Finds out what a conversion would make of problems, as `ReadingPolicy` decides.
private struct OutlookFinder {
  private var isRefused = false
  private var needsConsent = false
  private var needsSalvage = false
  private var lostClusters: UInt64 = 0
  private var sharedClusters: UInt64 = 0

  mutating func meet(_ problem: HeaderProblem) {
    switch problem {
    case .conversionUnderWay: isRefused = true
    case .notClosed, .emptyFlagWithData: needsConsent = true
    case .tableTooShort(let entries, let clusters):
      needsSalvage = true
      lostClusters += clusters - entries
    case .wrongDataOffset: break
    }
  }

  mutating func meet(_ problem: EntryProblem) {
    needsSalvage = true
    switch problem.kind {
    case .reserved, .insideTable, .pastEnd, .cutByEnd: lostClusters += 1
    case .duplicate, .overlap: sharedClusters += 1
    }
  }

  var outlook: ImageCheck.Outlook {
    if isRefused { return .refuses }
    if needsSalvage { return .salvages(lostClusters: lostClusters, sharedClusters: sharedClusters) }
    return needsConsent ? .convertsWhenAllowed : .converts
  }
}
