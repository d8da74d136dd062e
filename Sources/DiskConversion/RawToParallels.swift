public import ParallelsFormat
import StreamIO

/// The conversion of a raw disk into a Parallels image.
public struct RawToParallels: Sendable {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// Size of the disk, in bytes; nil for that of the input.
    ///
    /// A shorter input is followed by zeros.
    public var virtualByteCount: UInt64?
    /// Cluster size, in bytes: a multiple of 512.
    public var clusterByteCount: UInt64 = 1 << 20
    /// Which layout to write.
    public var layout = Layout.extended
    /// Whether clusters of zeros are stored, too.
    public var storesZeros = false
    /// Whether the input is raw data whatever it begins with: a Parallels image is not refused, gzip not decompressed.
    public var takesInputAsIs = false
    /// A dirty bitmap that the image is to begin with; nil for none.
    public var newBitmap: NewBitmap?
    /// What both converters have.
    public var common = CommonOptions()

    /// The defaults.
    public init() {}
  }

  private let options: Options
  private let outputName: String
  private let control: ConversionControl
  private let grid: ExtentGrid

  private init(options: Options, outputName: String, control: ConversionControl) {
    self.options = options
    self.outputName = outputName
    self.control = control
    grid = ExtentGrid(clusterByteCount: options.clusterByteCount)
  }

  /// Converts `input`; on an error, no output is left.
  ///
  /// Blocks the thread until all is done; `control` tells how far it is, and cancels, from any other.
  ///
  /// - Throws: `format` when no image can hold the disk, before anything is opened; `io` when a file can't be read or
  ///   written; `isParallelsImage`, `gzip`, `longerThan`, `endedEarly` or `changed` about the input; `exists`,
  ///   `isBlockDevice`, `isAppendOnly`, `hasContents`, `takesMessages` or `isInputToo` about the output; `formatExtension`; `cancelled`.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) -> ConversionSummary {
    // Limits are refused before anything is opened.
    try options.checkLimits(of: options.virtualByteCount ?? 0, path: output.name)
    let ends = try Ends(input: input, output: output, force: options.common.force, control: control)
    do throws(ConversionError) {
      return try RawToParallels(options: options, outputName: output.name, control: control).run(ends)
    } catch {
      ends.output.discard()
      throw error
    }
  }

  private func run(_ ends: Ends) throws(ConversionError) -> ConversionSummary {
    let input = try RawInput(ends.input, options: options, control: control)
    if let size = input.diskByteCount { try options.checkLimits(of: size, path: outputName) }
    if let size = input.diskByteCount, size % sectorByteCount != 0 { warnOfOddLength(size, of: ends.input.name) }
    let outputSeekable = ends.output.file.isSeekable
    let plan = RawToParallelsPlan.choose(
      inputSeekable: input.fileByteCount != nil, outputSeekable: outputSeekable,
      knowsSize: input.diskByteCount != nil, storesZeros: options.storesZeros)
    control.tell(.plan(plan.explanation))
    if !input.isCompressed { control.expect(plan.expectedWork(diskByteCount: input.diskByteCount, grid: grid)) }
    if let needed = try expectedByteCount(of: input) {
      control.warnOfSpace(forByteCount: needed, in: ends.output.file)
    }
    let result: ImageExtent
    switch plan {
    case .onePass: result = try writeImage(input, to: ends.output.file)
    case .lookThenStream: result = try lookThenStream(input, to: ends.output.file)
    case .streamAllAllocated: result = try streamAllAllocated(input, to: ends.output.file)
    case .spool: result = try spool(input, to: ends.output.file)
    }
    try input.checkUnchanged(isError: plan == .lookThenStream)
    try ends.output.commit(byteCount: result.byteCount, durably: options.common.synchronizes)
    return try summary(of: result, ends: ends, diskByteCount: input.foundByteCount)
  }
}

extension RawToParallels {
  /// The image in a file, in one pass.
  private func writeImage(_ input: RawInput, to file: OpenFile) throws(ConversionError) -> ImageExtent {
    let sink = try ImageFileSink(
      file, geometry: geometry(input.diskByteCount ?? 0), grid: grid, storesZeros: options.storesZeros,
      control: control)
    try Pipeline.run(from: input.source, into: sink, shape: shape, control: control)
    if input.diskByteCount == nil, input.foundByteCount % sectorByteCount != 0 {
      warnOfOddLength(input.foundByteCount, of: input.name)
    }
    let geometry = try geometry(input.foundByteCount)
    return try sink.finish(geometry, extensionStart: extensionStart(geometry))
  }

  private func lookThenStream(_ input: RawInput, to file: OpenFile) throws(ConversionError) -> ImageExtent {
    let geometry = try geometry(input.foundByteCount)
    let look = TableSink(geometry: geometry, grid: grid, outputName: outputName)
    try Pipeline.run(from: input.source, into: look, shape: shape, control: control)
    let table = look.allocator.hostClusters
    return try stream(input.source(of: table), table: table, geometry: geometry, to: file)
  }

  private func streamAllAllocated(_ input: RawInput, to file: OpenFile) throws(ConversionError) -> ImageExtent {
    let geometry = try geometry(input.diskByteCount ?? 0)
    var allocator = ClusterAllocator(
      clusterByteCount: geometry.clusterByteCount, clusterCount: geometry.clusterCount,
      firstHostCluster: geometry.firstHostCluster)
    _ = try converting(file.name) { () throws(FormatError) in
      try allocator.allocateClusters(0..<geometry.clusterCount * geometry.clusterByteCount)
    }
    return try stream(input.source, table: allocator.hostClusters, geometry: geometry, to: file)
  }

  /// Header and table, then what `source` has, which are the clusters that the table names, in their order.
  private func stream(
    _ source: any ExtentSource, table: BlockAllocationTable, geometry: ImageGeometry, to file: OpenFile
  ) throws(ConversionError) -> ImageExtent {
    let sink = StreamSink(file, control: control)
    try TableWriter(geometry: geometry, extensionStart: extensionStart(geometry), hostClusters: table)
      .write(inUse: .closed) { (bytes, _) throws(ConversionError) in try sink.begin(with: bytes) }
    try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    return ImageExtent(byteCount: sink.position, allocatedClusterCount: table.allocatedCount)
  }

  private func spool(_ input: RawInput, to file: OpenFile) throws(ConversionError) -> ImageExtent {
    let spool = try converting { () throws(FileError) in try OpenFile.spool(in: options.common.temporaryDirectory) }
    let result = try writeImage(input, to: spool)
    let sink = StreamSink(file, control: control)
    try Pipeline.run(
      from: SpoolSource(spool, byteCount: result.byteCount, control: control), into: sink, shape: shape,
      control: control)
    return result
  }

  /// Bytes that the image will have, as far as that is known; nil when only the stream can tell.
  ///
  /// All of them when zeros are stored, too. Else those of header and BAT, or of the data that the input stores, which may
  /// turn out to be zeros, whichever are more.
  private func expectedByteCount(of input: RawInput) throws(ConversionError) -> UInt64? {
    guard let size = input.diskByteCount else { return nil }
    let geometry = try geometry(size)
    let head = geometry.firstHostCluster * geometry.clusterByteCount
    if options.storesZeros { return head + geometry.clusterCount * geometry.clusterByteCount }
    return try max(head, input.storedByteCount())
  }

  private var shape: PipelineShape { grid.shape(threadCount: options.common.threadCount) }

  private func geometry(_ byteCount: UInt64) throws(ConversionError) -> ImageGeometry {
    try options.geometry(byteCount, path: outputName)
  }

  private func extensionStart(_ geometry: ImageGeometry) throws(ConversionError) -> [UInt8]? {
    try options.extensionStart(geometry, path: outputName)
  }

  private func warnOfOddLength(_ byteCount: UInt64, of name: String) {
    let missing = sectorByteCount - byteCount % sectorByteCount
    control.tell(
      .warning(
        path: name, "\(byteCount) bytes are not whole sectors of 512: \(missing) zeros are added"))
  }

  private func summary(
    of result: ImageExtent, ends: Ends, diskByteCount: UInt64
  ) throws(ConversionError) -> ConversionSummary {
    let geometry = try geometry(diskByteCount)
    return ConversionSummary(
      inputName: ends.input.name, outputName: ends.output.file.name,
      virtualByteCount: geometry.sectorCount * sectorByteCount, clusterByteCount: geometry.clusterByteCount,
      clusterCount: geometry.clusterCount, allocatedClusterCount: result.allocatedClusterCount,
      outputByteCount: result.byteCount, readByteCount: control.readByteCount,
      writtenByteCount: control.writtenByteCount, lossCount: control.lossesReported)
  }
}

extension RawToParallelsPlan {
  /// Bytes of work, as the pipeline counts it; 0 when nobody can know.
  fileprivate func expectedWork(diskByteCount: UInt64?, grid: ExtentGrid) -> UInt64 {
    guard let diskByteCount else { return 0 }
    let disk = grid.roundedUpToClusters(diskByteCount)
    return self == .lookThenStream ? 2 * disk : disk
  }
}

extension RawToParallels.Options {
  /// The shape of the image of a disk of `byteCount` bytes; `path` is what an error is about.
  func geometry(_ byteCount: UInt64, path: String) throws(ConversionError) -> ImageGeometry {
    try converting(path) { () throws(FormatError) in
      try ImageGeometry(
        layout: layout, clusterByteCount: clusterByteCount, byteCount: byteCount,
        hasExtension: newBitmap != nil)
    }
  }

  /// Refuses a disk of `byteCount` bytes that no image can hold; `path` is what the error is about.
  func checkLimits(of byteCount: UInt64, path: String) throws(ConversionError) {
    _ = try extensionStart(geometry(byteCount, path: path), path: path)
  }

  /// The cluster of the format extension for that image, without the zeros at its end; nil when there is none.
  func extensionStart(_ geometry: ImageGeometry, path: String) throws(ConversionError) -> [UInt8]? {
    guard let newBitmap else { return nil }
    do throws(ExtensionProblem) {
      return try newBitmap.formatExtension(for: geometry)
        .encodedStart(clusterByteCount: geometry.clusterByteCount)
    } catch {
      throw ConversionError(path, .formatExtension(error))
    }
  }
}
