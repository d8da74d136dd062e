import ParallelsFormat

/// Checks an image for violations of every rule of the format.
///
/// Only reads the image.
public struct ImageCheck {
  /// The result of a check.
  public struct Result: Equatable, Sendable {
    /// The number of problems that corrupt the image.
    public var corruptionCount = 0
    /// The number of clusters that nothing refers to.
    public var leakedClusterCount: UInt64 = 0
    /// The number of harmless problems.
    public var warningCount = 0
    /// End of the last cluster in use, in bytes; nil, as the next two optional values, if the file ends inside its BAT.
    public var imageEndOffset: UInt64?
    /// The number of clusters of the disk.
    public var clusterCount: UInt64 = 0
    /// The number of allocated clusters of the disk.
    public var allocatedClusterCount: Int?
    /// The number of allocated clusters that, in the file, do not follow the allocated cluster before them on the disk.
    public var fragmentedClusterCount: Int?
    /// What a conversion would do with the image.
    public var outlook = Outlook.converts
  }

  /// What `prl2raw` would do with the image.
  public enum Outlook: Equatable, Sendable {
    /// It converts the image as it is.
    case converts
    /// It refuses the image unless an option allows it; no bytes are lost then.
    case convertsWhenAllowed
    /// It refuses the image; salvaging reads lost bytes as zeros, and shared clusters where their entries point to.
    case salvages(lostClusters: UInt64, sharedClusters: UInt64)
    /// It always refuses the image.
    case refuses
  }

  private let image: ImageFile
  private let body: (CheckProblem) -> Void
  private var result = Result()
  private var outlook = OutlookFinder()

  /// Checks `input`, an image or a bundle, and calls `report` with each problem, in the order of the file's parts.
  ///
  /// All images of a bundle are checked. `policy` chooses the state that the outlook is about.
  ///
  /// - Throws: `isStream` for a pipe, `file` if the file can't be read, `format` or `isCompressed` if it is not a
  ///   Parallels image. A damaged image or bundle is not an error.
  public static func run(
    _ input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl? = nil,
    report: @escaping (CheckProblem) -> Void
  ) throws(ConversionError) -> Result {
    let control = try control.orNew()
    let opener: DiskOpener
    do throws(ConversionError) {
      opener = try DiskOpener(input, policy: policy, control: control)
    } catch {
      guard case .bundle(let problem) = error.cause else { throw error }
      return BundleCheck.refused(problem, report)
    }
    try opener.refusePart()
    guard let bundle = opener.bundle else { return run(try opener.imageFile(), report: report) }
    return try BundleCheck.run(bundle, policy: policy, control: control, body: report)
  }

  /// Checks an image that was opened.
  static func run(_ image: ImageFile, report: @escaping (CheckProblem) -> Void) -> Result {
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
    let header = image.header
    result.imageEndOffset = inspection.forEachHostSpaceProblem(extensionClusters: image.extensionClusters) { problem in
      // A device is as long as it is: what follows the image on it is nobody's.
      if case .leaked(let offset, let count) = problem, image.file.isDevice,
        offset + count * header.clusterByteCount >= image.file.byteCount
      {
        return
      }
      report(CheckProblem(problem, byteOffset: problem.byteOffset))
      if case .leaked(_, let count) = problem { result.leakedClusterCount += count }
    }
  }

  /// Checks what can be checked if the file ends inside its BAT.
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
        // Already reported by position, with all other clusters that share it.
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

  /// `clusterCount` is the number of disk clusters affected, if the problem affects any.
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
