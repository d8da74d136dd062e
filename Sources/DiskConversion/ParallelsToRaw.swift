import ParallelsFormat
import StreamIO

/// The conversion of a Parallels image into a raw disk.
public struct ParallelsToRaw: Sendable {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// How hard to compress the output with gzip, 1 to 9; nil for not at all.
    public var gzipLevel: Int?
    /// Zero runs of this many bytes become holes; 0 writes every zero.
    public var sparseByteCount = 4096
    /// Whether the output device reads as zeros already.
    public var targetIsZero = false
    /// Whether an image that was not closed is converted.
    public var allowsDirty = false
    /// Whether a damaged image is converted, with zeros for what is lost.
    public var salvages = false
    /// What both converters have.
    public var common = CommonOptions()

    /// The defaults.
    public init() {}
  }

  private let options: Options
  private let policy: ReadingPolicy
  private let control: ConversionControl

  private init(options: Options, control: ConversionControl) {
    self.options = options
    self.control = control
    policy = ReadingPolicy(allowsDirty: options.allowsDirty, salvages: options.salvages)
  }

  /// Converts `input`; on an error, no output is left.
  ///
  /// Blocks the thread until all is done; `control` tells how far it is, and cancels, from any other.
  ///
  /// - Throws: `io` when a file can't be read or written; `format`, `header` or `entry` when the image is none or is
  ///   damaged (<doc:ReadingStrictly>), `endedEarly` when it was cut meanwhile; `exists`, `isBlockDevice`,
  ///   `isAppendOnly`, `hasContents`, `takesMessages`, `isInputToo` or `deviceTooSmall` about the output; `gzip`; `cancelled`.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) -> ConversionSummary {
    let ends = try Ends(input: input, output: output, force: options.common.force, control: control)
    do throws(ConversionError) {
      return try ParallelsToRaw(options: options, control: control).run(ends)
    } catch {
      ends.output.discard()
      throw error
    }
  }

  private func run(_ ends: Ends) throws(ConversionError) -> ConversionSummary {
    let output = ends.output.file
    let stream = LookaheadStream(ends.input, interrupt: control.interrupt)
    var input = try ImageInput(ends.input, stream: stream, policy: policy, control: control)
    let plan = input.plan(outputSeekable: output.isSeekable && options.gzipLevel == nil)
    control.tell(.plan(plan.explanation))
    control.expect(input.image.header.virtualByteCount)
    if options.gzipLevel == nil { control.warnOfSpace(forByteCount: expectedByteCount(of: input.image), in: output) }
    let source = try input.source(
      plan, grid: grid(for: input.image), temporaryDirectory: options.common.temporaryDirectory)
    let image = input.image
    let byteCount = try carry(from: source, to: output, image: image)
    try input.checkUnchanged(isError: false)
    try ends.output.commit(byteCount: byteCount, durably: options.common.synchronizes)
    return summary(of: image, ends: ends, outputByteCount: byteCount)
  }

  private func grid(for image: ParallelsImage) -> ExtentGrid {
    options.gzipLevel == nil ? ExtentGrid(clusterByteCount: image.header.clusterByteCount) : .forCompression
  }

  /// Bytes that the output will take, zeros in allocated clusters included.
  private func expectedByteCount(of image: ParallelsImage) -> UInt64 {
    options.sparseByteCount > 0 ? image.dataByteCount : image.header.virtualByteCount
  }

  /// Carries the disk to the output; returns the length of what was written.
  private func carry(
    from source: any ExtentSource, to output: OpenFile, image: ParallelsImage
  ) throws(ConversionError) -> UInt64 {
    let shape = grid(for: image).shape(threadCount: options.common.threadCount)
    guard let level = options.gzipLevel else {
      let sink = try sink(for: output, diskByteCount: image.header.virtualByteCount)
      try Pipeline.run(from: source, into: sink, shape: shape, control: control)
      return image.header.virtualByteCount
    }
    let sink = try GzipSink(output, level: CompressionLevel(level), shape: shape.forUnevenWork, control: control)
    try Pipeline.run(from: source, into: sink, shape: shape.forUnevenWork, control: control)
    try sink.finish()
    return sink.position
  }

  private func sink(for output: OpenFile, diskByteCount: UInt64) throws(ConversionError) -> any ExtentSink {
    switch output.kind {
    case .stream:
      return StreamSink(output, control: control)
    case .regular:
      try converting { () throws(FileError) in try output.truncate(to: diskByteCount) }
      return RawFileSink(
        output, sparseByteCount: options.sparseByteCount, over: .zeros, control: control)
    case .blockDevice:
      let deviceByteCount = try converting { () throws(FileError) in try output.byteCount() } ?? 0
      guard deviceByteCount >= diskByteCount else {
        throw ConversionError(output.name, .deviceTooSmall(byteCount: deviceByteCount, needed: diskByteCount))
      }
      return RawFileSink(
        output, sparseByteCount: options.sparseByteCount, over: options.targetIsZero ? .zeros : .deviceData,
        control: control)
    }
  }

  private func summary(
    of image: ParallelsImage, ends: Ends, outputByteCount: UInt64
  ) -> ConversionSummary {
    ConversionSummary(
      inputName: ends.input.name, outputName: ends.output.file.name,
      virtualByteCount: image.header.virtualByteCount, clusterByteCount: image.header.clusterByteCount,
      clusterCount: image.header.clusterCount, allocatedClusterCount: image.table.allocatedCount,
      outputByteCount: outputByteCount, readByteCount: control.readByteCount,
      writtenByteCount: control.writtenByteCount, lossCount: control.lossesReported)
  }
}
