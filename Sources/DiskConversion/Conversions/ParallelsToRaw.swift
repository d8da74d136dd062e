import ParallelsFormat
import StreamIO

/// Converts a Parallels image to a raw disk.
public struct ParallelsToRaw {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// The default length of a zero run that becomes a hole, in bytes: a page.
    public static let standardSparseByteCount = 4096

    /// The level of gzip compression for the output, 1 to 9; nil for no compression.
    public var gzipLevel: Int?
    /// Zero runs of this many bytes become holes; 0 writes every zero.
    public var sparseByteCount: Int
    /// Whether the output device already reads as zeros.
    public var targetIsZero: Bool
    /// What to do if the image breaks a rule.
    public var policy: ReadingPolicy
    /// How to handle the output.
    public var output: OutputOptions
    /// Threads and temporary files to use.
    public var resources: Resources

    /// Creates options; by default, the output is not compressed.
    public init(
      gzipLevel: Int? = nil, sparseByteCount: Int = Self.standardSparseByteCount, targetIsZero: Bool = false,
      policy: ReadingPolicy = ReadingPolicy(), output: OutputOptions = OutputOptions(),
      resources: Resources = Resources()
    ) {
      self.gzipLevel = gzipLevel
      self.sparseByteCount = sparseByteCount
      self.targetIsZero = targetIsZero
      self.policy = policy
      self.output = output
      self.resources = resources
    }
  }

  private let options: Options
  private let control: ConversionControl
  private let input: DiskInput
  private let figures: DiskFigures
  private let target: TargetFile
  private let reading: ReadingPlan
  private let writing: WritingPlan

  /// Converts `input`; on an error, a new output file is removed.
  ///
  /// Blocks the calling thread until the conversion ends; use `control` from other threads to follow or cancel it.
  ///
  /// - Throws: `file` if a file can't be read, written or compressed; `isCompressed`, `format`, `header` or `entry` if
  ///   the input is not an image, or a damaged one (<doc:ReadingStrictly>); `endedEarly` if it was truncated meanwhile;
  ///   `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents`, `takesMessages`, `isInputToo` or `deviceTooSmall`
  ///   about the output; `cancelled`.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) throws(ConversionError) -> ConversionSummary {
    let control = try control.orNew()
    let opener = try DiskOpener(input, policy: options.policy, control: control)
    if options.output.verifies { try opener.checkReadableAgain() }
    try opener.bundle?.refuseOutput(output)
    let output = try output.openForWriting(besides: opener.file, force: options.output.force, control: control)
    do throws(ConversionError) {
      if options.output.verifies { try OutputVerification.check(output.file) }
      let conversion = try ParallelsToRaw(opener.parallelsDisk(), to: output.file, options: options, control: control)
      let byteCount = try conversion.run()
      let summary = conversion.summary(outputByteCount: byteCount)
      if options.output.verifies {
        try conversion.verification(outputByteCount: byteCount).run(against: conversion.input)
      }
      try output.commit(byteCount: byteCount, durably: options.output.synchronizes)
      return summary
    } catch {
      output.discard()
      throw error
    }
  }

  private init(
    _ input: DiskInput, to output: OpenFile, options: Options, control: ConversionControl
  ) throws(ConversionError) {
    self.options = options
    self.control = control
    target = TargetFile(output, control: control)
    writing = WritingPlan.choose(output: output.kind, gzipLevel: options.gzipLevel, targetIsZero: options.targetIsZero)
    if options.output.sharing == .always, !writing.takesAnyOrder {
      throw ConversionError(output.name, .cannotShare("it is not a file with raw bytes"))
    }
    reading = input.plan(outputSeekable: writing.takesAnyOrder)
    control.events.report(.plan(reading.explanation))
    control.progress.expect(input.byteCount ?? 0)
    if options.gzipLevel == nil {
      let needed = options.sparseByteCount > 0 ? input.storedByteCount : input.byteCount ?? 0
      control.events.warnOfSpace(forByteCount: needed, in: output)
    }
    self.input = try input.copied(for: reading, to: options.resources.temporaryDirectory)
    guard let figures = self.input.figures else { throw ConversionError(input.name, .format(.unknownMagic)) }
    self.figures = figures
  }

  /// Writes the disk to the output; returns the output's length in bytes.
  private func run() throws(ConversionError) -> UInt64 {
    let byteCount = try carry()
    try input.checkUnchanged(isError: false)
    return byteCount
  }

  private func verification(outputByteCount: UInt64) -> OutputVerification {
    OutputVerification(
      output: target.file, outputByteCount: outputByteCount, form: options.gzipLevel == nil ? .raw : .gzip,
      byteCount: figures.virtualByteCount, resources: options.resources, control: control)
  }

  private func carry() throws(ConversionError) -> UInt64 {
    switch writing {
    case .gzip(let level):
      let shape = ExtentGrid.forCompression.shape(threadCount: options.resources.threadCount).forUnevenWork
      let sink = try GzipSink(target, level: CompressionLevel(level), shape: shape, cancellation: control.cancellation)
      try carry(into: sink, grid: .forCompression, shape: shape)
      try sink.finish()
      return sink.position
    case .stream:
      let source = try source(grid: grid)
      let sink = StreamSink(target, from: source)
      try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    case .offsets(let oldContents):
      try makeRoom()
      let sink = RawFileSink(
        target, sparseByteCount: options.sparseByteCount, over: oldContents, threadCount: shape.threadCount)
      try Pipeline.run(from: unsharedSource(), into: sink, shape: shape, control: control)
    }
    return figures.virtualByteCount
  }

  private var grid: ExtentGrid { ExtentGrid(clusterByteCount: figures.clusterByteCount) }

  private var shape: PipelineShape { grid.shape(threadCount: options.resources.threadCount) }

  private func carry(into sink: any ExtentSink, grid: ExtentGrid, shape: PipelineShape) throws(ConversionError) {
    try Pipeline.run(from: source(grid: grid), into: sink, shape: shape, control: control)
  }

  private func source(grid: ExtentGrid) throws(ConversionError) -> any ExtentSource {
    try input.source(reading, grid: grid, temporaryDirectory: options.resources.temporaryDirectory)
  }

  /// What the output can't share with the input's files, after sharing the rest.
  private func unsharedSource() throws(ConversionError) -> any ExtentSource {
    guard let sharing = try BlockSharing(target, mode: options.output.sharing, progress: control.progress) else {
      return try source(grid: grid)
    }
    guard case .disk(let disk) = input.contents else {
      guard options.output.sharing == .auto else {
        throw ConversionError(input.name, .cannotShare("it does not come from a file"))
      }
      return try source(grid: grid)
    }
    let rest = try SharedDisk(disk: disk, sharing: sharing, control: control).share()
    return DiskSource(disk, over: rest, grid: grid)
  }

  /// Sets the length of a file, or checks that a device is large enough.
  private func makeRoom() throws(ConversionError) {
    let needed = figures.virtualByteCount
    guard target.file.kind == .blockDevice else { return try target.truncate(to: needed) }
    let byteCount = try converting(target.file.byteCount()) ?? 0
    guard byteCount >= needed else {
      throw ConversionError(target.name, .deviceTooSmall(byteCount: byteCount, needed: needed))
    }
  }

  private func summary(outputByteCount: UInt64) -> ConversionSummary {
    ConversionSummary(
      from: input.name, to: target.name, disk: figures, outputByteCount: outputByteCount, control: control)
  }
}
