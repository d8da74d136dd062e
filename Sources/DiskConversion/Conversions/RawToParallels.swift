import ParallelsFormat
import StreamIO

/// Converts a raw disk to a Parallels image.
public struct RawToParallels {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// Size of the disk, in bytes; nil for that of the input.
    ///
    /// If the input is shorter, zeros follow it.
    public var virtualByteCount: UInt64?
    /// Whether to treat any input as raw data, without refusing a Parallels image or decompressing gzip.
    public var takesInputAsIs = false
    /// The properties of the image.
    public var image = NewImage()
    /// How to handle the output.
    public var output = OutputOptions()
    /// Threads and temporary files to use.
    public var resources = Resources()

    /// Creates the default options.
    public init() {}
  }

  let options: Options
  let input: DiskInput
  let target: TargetFile
  let control: ConversionControl
  var grid: ExtentGrid { options.image.grid }

  /// Converts `input`; on an error, a new output file is removed.
  ///
  /// Blocks the calling thread until the conversion ends; use `control` from other threads to follow or cancel it.
  ///
  /// - Throws: `format` or `formatExtension` if no image can hold the disk, if possible before anything is opened;
  ///   `file` if a file can't be read, decompressed or written; `isParallelsImage`, `longerThan`, `endedEarly` or
  ///   `changed` about the input; `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents`, `takesMessages` or
  ///   `isInputToo` about the output; `cancelled`.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) -> ConversionSummary {
    _ = try options.image.geometry(of: options.virtualByteCount ?? 0, path: output.name)
    let opener = try DiskOpener(input, control: control)
    let outputFile = try output.openForWriting(besides: opener.file, force: options.output.force, control: control)
    do throws(ConversionError) {
      let conversion = RawToParallels(
        options: options, input: try opener.rawDisk(of: options.virtualByteCount, asIs: options.takesInputAsIs),
        target: TargetFile(outputFile.file, control: control), control: control)
      let image = try conversion.run()
      try outputFile.commit(byteCount: image.byteCount, durably: options.output.synchronizes)
      return conversion.summary(of: image)
    } catch {
      outputFile.discard()
      throw error
    }
  }

  private func run() throws(ConversionError) -> WrittenImage {
    let size = input.byteCount
    // If the size is still unknown, this is the smallest geometry.
    let geometry = try geometry(of: size ?? 0)
    if let size { warnOfOddLength(size) }
    let plan = RawToParallelsPlan.choose(
      inputSeekable: input.isSeekable, outputSeekable: target.file.isSeekable, knowsSize: size != nil,
      storesZeros: options.image.storesZeros)
    control.events.report(.plan(plan.explanation))
    if !input.isCompressed { control.progress.expect(plan.expectedWork(diskByteCount: size, grid: grid)) }
    if size != nil { control.events.warnOfSpace(forByteCount: expectedByteCount(of: geometry), in: target.file) }
    let image = try write(by: plan, geometry: geometry)
    try input.checkUnchanged(isError: plan == .lookThenStream)
    return image
  }

  /// The expected length of the image in bytes, or a lower bound.
  ///
  /// With zeros stored, it is the full length. Otherwise it is that of header and BAT, or of the data that the input
  /// stores (which may turn out to be zeros), whichever is larger.
  func expectedByteCount(of geometry: ImageGeometry) -> UInt64 {
    let head = geometry.firstHostCluster * geometry.clusterByteCount
    if options.image.storesZeros { return head + geometry.clusterCount * geometry.clusterByteCount }
    return max(head, input.storedByteCount)
  }

  func geometry(of byteCount: UInt64) throws(ConversionError) -> ImageGeometry {
    try options.image.geometry(of: byteCount, path: target.name)
  }

  /// Warns if the disk does not end at a sector boundary.
  func warnOfOddLength(_ byteCount: UInt64) {
    guard byteCount % sectorByteCount != 0 else { return }
    let missing = sectorByteCount - byteCount % sectorByteCount
    control.events.report(
      .warning(
        path: input.name,
        "its size (\(counted(byteCount, "byte"))) is not a multiple of 512: "
          + "padded with \(counted(missing, "zero byte"))"))
  }

  private func summary(of image: WrittenImage) -> ConversionSummary {
    let disk = DiskFigures(
      virtualByteCount: image.geometry.sectorCount * sectorByteCount, clusterByteCount: image.geometry.clusterByteCount,
      clusterCount: image.geometry.clusterCount, allocatedClusterCount: image.allocatedClusterCount)
    return ConversionSummary(
      from: input.name, to: target.name, disk: disk, outputByteCount: image.byteCount, control: control)
  }
}
