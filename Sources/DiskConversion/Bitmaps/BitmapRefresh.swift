import ParallelsFormat
import StreamIO

/// Brings an older raw copy of a disk up to date: writes just what a dirty bitmap of the image marks.
public struct BitmapRefresh {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// The bitmap's UUID, or how it begins, when that is enough.
    public var bitmap: String
    /// Zero runs of this many bytes become holes; 0 writes every zero.
    public var sparseByteCount = 4096
    /// Threads that carry the disk; at least 1.
    public var threadCount = 2
    /// Wait until the output is on the disk.
    public var synchronizes = false

    /// The defaults, for a bitmap.
    public init(bitmap: String) {
      self.bitmap = bitmap
    }
  }

  private let file: OpenFile
  private let output: OpenFile
  private let input: ImageInput
  private let bitmap: DirtyBitmap
  private let options: Options
  private let control: ConversionControl

  /// Writes the marked parts of the disk in `input` to `path`, which has the size of the disk and its older contents.
  ///
  /// All that can be known beforehand is checked before the first write. What goes wrong after it leaves the output
  /// part old, part new; the same refresh can then be run again.
  ///
  /// - Throws: What reading an image can bring; `noSuchBitmap` or `untrustedBitmap`; `otherSize` or `isStream` for an
  ///   output that is no copy of the disk; `io` when it can't be written; `cancelled`.
  public static func refresh(
    _ path: String, from input: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) -> ConversionSummary {
    let refresh = try BitmapRefresh(path, from: input, options: options, control: control)
    control.mix(path)
    do throws(ConversionError) {
      try refresh.run()
    } catch {
      control.tellOfMixture()
      throw error
    }
    control.mix(nil)
    return refresh.summary
  }

  private init(
    _ path: String, from input: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) {
    let inspected = try InspectedImage(input, interrupt: control.interrupt)
    file = inspected.file
    self.options = options
    self.control = control
    bitmap = try inspected.bitmap(named: options.bitmap)
    if let reason = inspected.bitmapMistrust {
      throw ConversionError(file.name, .untrustedBitmap(reason: reason))
    }
    self.input = try ImageInput(
      file, stream: LookaheadStream(file, interrupt: control.interrupt), policy: ReadingPolicy(),
      control: control)
    // The bitmap and the table were read one after the other, and must be of one state: a change that one of them
    // misses would be missed in the copy.
    guard self.input.image.header == inspected.header else { throw ConversionError(file.name, .changed) }
    try inspected.watch.check(isError: true, control: control)
    output = try converting { () throws(FileError) in try OpenFile(updating: path) }
    guard output.identity != file.identity else { throw ConversionError(path, .isInputToo) }
    try checkSize()
    control.expect(try expectedByteCount())
  }

  /// A device may be larger than the disk, as for a whole conversion.
  private func checkSize() throws(ConversionError) {
    let needed = input.image.header.virtualByteCount
    guard let byteCount = try converting({ () throws(FileError) in try output.byteCount() }) else {
      throw ConversionError(output.name, .isStream)
    }
    let isRight = output.kind == .blockDevice ? byteCount >= needed : byteCount == needed
    guard isRight else { throw ConversionError(output.name, .otherSize(byteCount: byteCount, needed: needed)) }
  }

  private var dirtyRuns: DirtyRuns { DirtyRuns(of: bitmap, in: file, header: input.image.header) }

  /// Bytes that are marked; to count them is to read the whole bitmap, before anything is written.
  private func expectedByteCount() throws(ConversionError) -> UInt64 {
    var runs = dirtyRuns
    var byteCount: UInt64 = 0
    while let run = try runs.next() { byteCount += run.upperBound - run.lowerBound }
    return byteCount
  }

  private func run() throws(ConversionError) {
    let grid = ExtentGrid(clusterByteCount: input.image.header.clusterByteCount)
    let source = DirtyRunsSource(input.segments, runs: dirtyRuns, grid: grid)
    let sink = RawFileSink(
      output, sparseByteCount: options.sparseByteCount, over: output.kind == .blockDevice ? .deviceData : .data,
      control: control)
    try Pipeline.run(
      from: source, into: sink, shape: grid.shape(threadCount: options.threadCount), control: control)
    try input.checkUnchanged(isError: false)
    try converting { () throws(FileError) in
      if options.synchronizes { try output.synchronize() }
      try output.close()
    }
  }

  private var summary: ConversionSummary {
    let image = input.image
    return ConversionSummary(
      inputName: file.name, outputName: output.name, virtualByteCount: image.header.virtualByteCount,
      clusterByteCount: image.header.clusterByteCount, clusterCount: image.header.clusterCount,
      allocatedClusterCount: image.table.allocatedCount, outputByteCount: image.header.virtualByteCount,
      readByteCount: control.readByteCount, writtenByteCount: control.writtenByteCount,
      lossCount: control.lossesReported)
  }
}
