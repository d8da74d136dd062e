import ParallelsFormat
import StreamIO

/// The conversion of a raw disk into a Parallels image.
public struct RawToParallels {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// Size of the disk, in bytes; nil for that of the input.
    ///
    /// A shorter input is followed by zeros.
    public var virtualByteCount: UInt64?
    /// Whether the input is raw data whatever it begins with: a Parallels image is not refused, gzip not decompressed.
    public var takesInputAsIs = false
    /// What shapes the image.
    public var image = NewImage()
    /// How the output is treated.
    public var output = OutputOptions()
    /// What the work may use.
    public var resources = Resources()

    /// The defaults.
    public init() {}
  }

  let options: Options
  let input: DiskInput
  let target: TargetFile
  let control: ConversionControl
  var grid: ExtentGrid { options.image.grid }

  /// Converts `input`; on an error, no output is left.
  ///
  /// Blocks the thread until all is done; `control` shows how far it is, and cancels, from any other.
  ///
  /// - Throws: `format` or `formatExtension` when no image can hold the disk, before anything is opened if that is
  ///   known; `file` when a file can't be read, decompressed or written; `isParallelsImage`, `longerThan`, `endedEarly`
  ///   or `changed` about the input; `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents`, `takesMessages` or
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
    // Of a disk whose size is found on the way, the smallest.
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

  /// Bytes that the image will have, as far as that is known.
  ///
  /// All of them when zeros are stored, too. Else those of header and BAT, or of the data that the input stores, which may
  /// turn out to be zeros, whichever are more.
  private func expectedByteCount(of geometry: ImageGeometry) -> UInt64 {
    let head = geometry.firstHostCluster * geometry.clusterByteCount
    if options.image.storesZeros { return head + geometry.clusterCount * geometry.clusterByteCount }
    return max(head, input.storedByteCount)
  }

  /// The shape of the image of a disk of `byteCount` bytes.
  func geometry(of byteCount: UInt64) throws(ConversionError) -> ImageGeometry {
    try options.image.geometry(of: byteCount, path: target.name)
  }

  /// Warns of a disk that does not end with a sector.
  func warnOfOddLength(_ byteCount: UInt64) {
    guard byteCount % sectorByteCount != 0 else { return }
    let missing = sectorByteCount - byteCount % sectorByteCount
    control.events.report(
      .warning(path: input.name, "\(byteCount) bytes are not whole sectors of 512: \(missing) zeros are added"))
  }

  private func summary(of image: WrittenImage) -> ConversionSummary {
    let disk = DiskFigures(
      virtualByteCount: image.geometry.sectorCount * sectorByteCount, clusterByteCount: image.geometry.clusterByteCount,
      clusterCount: image.geometry.clusterCount, allocatedClusterCount: image.allocatedClusterCount)
    return ConversionSummary(
      from: input.name, to: target.name, disk: disk, outputByteCount: image.byteCount, control: control)
  }
}
