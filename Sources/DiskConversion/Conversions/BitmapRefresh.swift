import ParallelsFormat
import StreamIO

/// Updates an older raw copy of a disk by writing only what a dirty bitmap of the image marks.
public struct BitmapRefresh {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// The bitmap's UUID, or a unique prefix of it.
    public var bitmap: String
    /// Zero runs of this many bytes become holes; 0 writes every zero.
    public var sparseByteCount: Int
    /// Whether to read an image by itself that is a snapshot, or part of a split disk.
    public var readsAlone: Bool
    /// Whether to wait until the output is on the disk.
    public var synchronizes: Bool
    /// Whether to read the whole copy back from the disk and compare it with the image.
    public var verifies: Bool
    /// Threads and temporary files to use.
    public var resources: Resources

    /// Creates options for a bitmap.
    public init(
      bitmap: String, sparseByteCount: Int = ParallelsToRaw.Options.standardSparseByteCount, readsAlone: Bool = false,
      synchronizes: Bool = false,
      verifies: Bool = false, resources: Resources = Resources()
    ) {
      self.bitmap = bitmap
      self.sparseByteCount = sparseByteCount
      self.readsAlone = readsAlone
      self.synchronizes = synchronizes
      self.verifies = verifies
      self.resources = resources
    }
  }

  private let image: ImageFile
  private let disk: ImageDisk
  private let bitmap: DirtyBitmap
  private let target: TargetFile
  private let options: Options
  private let control: ConversionControl

  /// Writes the marked parts of the disk in `input` to `path`, an older copy of the same size.
  ///
  /// Everything that can be checked in advance is checked before the first write. After an error during writing, the
  /// output is part old, part new; run the same refresh again.
  ///
  /// - Throws: Any error of reading an image; `noSuchBitmap` or `untrustedBitmap`; `otherSize`, `isStream` or
  ///   `isInputToo` if the output can't be a copy of the disk; `changed` if the image is written to while it is opened;
  ///   `file` if the output can't be written; `cancelled`.
  public static func refresh(
    _ path: String, from input: Endpoint, options: Options, control: ConversionControl? = nil
  ) throws(ConversionError) -> ConversionSummary {
    let control = try control.orNew()
    let refresh = try BitmapRefresh(path, from: input, options: options, control: control)
    control.mix(path)
    let summary: ConversionSummary
    do throws(ConversionError) {
      summary = try refresh.run()
    } catch {
      control.reportMixedOutput()
      throw error
    }
    control.mix(nil)
    if options.verifies { try refresh.verify() }
    try converting(refresh.target.file.close())
    return summary
  }

  private init(
    _ path: String, from input: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) {
    self.options = options
    self.control = control
    let opener = try DiskOpener(input, policy: ReadingPolicy(readsAlone: options.readsAlone), control: control)
    try opener.refusePart()
    image = try opener.imageFile()
    bitmap = try image.bitmap(named: options.bitmap)
    if let reason = image.bitmapMistrust { throw image.untrusted(reason) }
    disk = try ImageDisk(judging: image, policy: ReadingPolicy(), events: control.events)
    control.events.warn(of: image.extensionProblems, path: image.file.name)
    target = TargetFile(try converting(OpenFile(updating: path)), control: control)
    guard target.file.identity != image.file.file?.identity else { throw ConversionError(path, .isInputToo) }
    try checkSize()
    control.progress.expect(try markedByteCount())
    // Bitmap and table must be of one state: a change that one of them misses would be missed in the copy.
    guard try !image.file.wasChanged() else { throw ConversionError(image.file.name, .changed) }
  }

  /// A device may be larger than the disk, as for a whole conversion.
  private func checkSize() throws(ConversionError) {
    guard let byteCount = try converting(target.file.byteCount()) else { throw ConversionError(target.name, .isStream) }
    let isRight = target.file.kind == .blockDevice ? byteCount >= disk.byteCount : byteCount == disk.byteCount
    guard isRight else { throw ConversionError(target.name, .otherSize(byteCount: byteCount, needed: disk.byteCount)) }
  }

  /// Bytes of the disk that are marked; counting them reads the whole bitmap before anything is written.
  private func markedByteCount() throws(ConversionError) -> UInt64 {
    let runs = try DirtyRanges(of: bitmap, in: image)
    var byteCount: UInt64 = 0
    while let run = try runs.next() { byteCount += run.upperBound - run.lowerBound }
    return byteCount
  }

  private func run() throws(ConversionError) -> ConversionSummary {
    let grid = ExtentGrid(clusterByteCount: disk.clusters.header.clusterByteCount)
    let shape = grid.shape(threadCount: options.resources.threadCount)
    let source = DiskSource(disk, over: try DirtyRanges(of: bitmap, in: image), grid: grid)
    let sink = RawFileSink(
      target, sparseByteCount: options.sparseByteCount,
      over: target.file.kind == .blockDevice ? .deviceData : .data, threadCount: shape.threadCount)
    try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    if try image.file.wasChanged() { control.events.warnOfChange(of: image.file.name) }
    if options.synchronizes || options.verifies { try converting(target.file.synchronize()) }
    return summary
  }

  /// Compares the whole copy with the image, and not just what was written.
  private func verify() throws(ConversionError) {
    let input = DiskInput(
      contents: .disk(disk), figures: disk.clusters.figures, storedByteCount: disk.clusters.dataByteCount,
      name: image.file.name, files: [image.file], control: control)
    let verification = OutputVerification(
      output: target.file, outputByteCount: disk.byteCount, form: .raw, byteCount: disk.byteCount,
      resources: options.resources, control: control)
    do throws(ConversionError) {
      try verification.run(against: input)
    } catch {
      guard case .verificationFailed(let offset) = error.cause else { throw error }
      throw ConversionError(target.name, .isNotCopy(byteOffset: offset))
    }
  }

  private var summary: ConversionSummary {
    ConversionSummary(
      from: image.file.name, to: target.name, disk: disk.clusters.figures, outputByteCount: disk.byteCount,
      control: control)
  }
}
