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
    let input = ends.input
    let output = ends.output.file
    let stream = PeekingStream(FileStream(input, interrupt: control.interrupt))
    let fileByteCount = try converting { () throws(IOError) in try input.byteCount() }
    let image = try ParallelsImage(
      reading: stream, path: input.name, fileByteCount: fileByteCount, policy: policy, control: control)
    if let fileByteCount { try image.checkExtension(in: input, fileByteCount: fileByteCount, control: control) }
    let plan = ParallelsToRawPlan.choose(
      inputSeekable: input.isSeekable, outputSeekable: output.isSeekable && options.gzipLevel == nil,
      inStreamOrder: image.inspection.isInStreamOrder, sharesClusters: image.sharesClusters)
    control.tell(.plan(plan.explanation))
    control.expect(image.header.virtualByteCount)
    let source = try source(plan, image: image, input: input, stream: stream)
    let byteCount = try carry(from: source, to: output, image: image)
    try converting { () throws(IOError) in
      try ends.output.commit(byteCount: byteCount, durably: options.common.synchronizes)
    }
    return summary(of: image, ends: ends, outputByteCount: byteCount)
  }

  private func source(
    _ plan: ParallelsToRawPlan, image: ParallelsImage, input: OpenFile, stream: PeekingStream
  ) throws(ConversionError) -> any ExtentSource {
    let grid = grid(for: image)
    let clusters = ClusterStream(stream, path: input.name, image: image, policy: policy, control: control)
    switch plan {
    case .diskOrder:
      return ImageFileSource(input, image: image, grid: grid, policy: policy, control: control)
    case .fileOrder:
      return ImageStreamSource(clusters, image: image, grid: grid)
    case .diskOrderStream:
      return ImageDiskOrderSource(clusters, image: image, grid: grid, spool: nil)
    case .spoolEarlyClusters:
      return try ImageDiskOrderSource(clusters, image: image, grid: grid, spool: newSpool())
    case .spoolImage:
      return try spoolImage(image, stream: stream, name: input.name, grid: grid)
    }
  }

  private func grid(for image: ParallelsImage) -> ExtentGrid {
    options.gzipLevel == nil ? ExtentGrid(clusterByteCount: image.header.clusterByteCount) : .forCompression
  }

  private func newSpool() throws(ConversionError) -> OpenFile {
    try converting { () throws(IOError) in try OpenFile.spool(in: options.common.temporaryDirectory) }
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
      try converting { () throws(IOError) in try output.truncate(to: diskByteCount) }
      return RawFileSink(
        output, sparseByteCount: options.sparseByteCount, readsAsZeros: true, control: control)
    case .blockDevice:
      let deviceByteCount = try converting { () throws(IOError) in try output.byteCount() } ?? 0
      guard deviceByteCount >= diskByteCount else {
        throw ConversionError(output.name, .deviceTooSmall(byteCount: deviceByteCount, needed: diskByteCount))
      }
      return RawFileSink(
        output, sparseByteCount: options.sparseByteCount, readsAsZeros: options.targetIsZero, control: control)
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

extension ParallelsToRaw {
  /// Copies the rest of the image to a temporary file, at the offsets it has in the stream, and reads it from there.
  private func spoolImage(
    _ image: ParallelsImage, stream: PeekingStream, name: String, grid: ExtentGrid
  ) throws(ConversionError) -> any ExtentSource {
    let spool = try newSpool()
    let slot = Slot(byteCount: Int(ExtentGrid.copiedByteLimit))
    while true {
      let position = stream.position
      let count: Int
      do throws(StreamError) {
        count = try stream.read(into: slot.buffer)
      } catch {
        throw ConversionError(error)
      }
      let bytes = UnsafeRawBufferPointer(rebasing: slot.buffer[..<count])
      try converting { () throws(IOError) in try spool.write(bytes, at: position) }
      guard count == slot.buffer.count else { break }
    }
    let whole = try image.judgedAgain(fileByteCount: stream.position, path: name, policy: policy, control: control)
    try whole.checkExtension(in: spool, fileByteCount: stream.position, control: control)
    return ImageFileSource(spool, image: whole, grid: grid, policy: policy, control: control)
  }
}
