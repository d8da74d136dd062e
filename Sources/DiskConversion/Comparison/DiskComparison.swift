import ParallelsFormat
import StreamIO

/// Whether two disks have the same bytes, whatever they are stored as.
public struct DiskComparison: Equatable, Sendable {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// Whether disks whose sizes differ by zeros only are different, too.
    public var isStrict = false
    /// Threads that read; at least 1.
    public var threadCount = 2
    /// Where temporary files go: an image that comes by a pipe out of order needs one.
    public var temporaryDirectory = "/var/tmp"

    /// The defaults.
    public init() {}
  }

  /// Size of the first disk, in bytes.
  ///
  /// Nil when it came by a stream whose end lies behind the first difference, and was not waited for.
  public var firstByteCount: UInt64?
  /// Size of the second disk, in bytes; nil as for the first.
  public var secondByteCount: UInt64?
  /// The first byte of the disk that differs; nil when none does.
  ///
  /// Of disks that differ in their sizes alone, and are compared strictly, the end of the shorter.
  public var firstDifference: UInt64?

  /// Whether the sizes differ.
  public var hasSizesThatDiffer: Bool { firstByteCount != secondByteCount }

  /// Compares raw disks, raw disks in gzip and Parallels images, in any pairing, byte by byte.
  ///
  /// Reading is as strict as for a conversion. That disks differ is no error.
  ///
  /// - Throws: What reading can bring, as for the conversions: `io`, `gzip`, `format`, `header`, `entry`; `changed` when
  ///   a raw disk was written to meanwhile; `cancelled`.
  public static func compare(
    _ first: Endpoint, _ second: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) -> DiskComparison {
    let disks = [
      try ComparedDisk(first, options: options, control: control),
      try ComparedDisk(second, options: options, control: control),
    ]
    let longest = disks.compactMap(\.byteCount).max()
    // Of two compressed disks of unknown size, neither's share tells how far the work is.
    if longest != nil || disks.allSatisfy(\.isCompressed) { control.expect(longest ?? 0) }
    let shape = ExtentGrid.forCompression.shape(threadCount: options.threadCount)
    let pair = PairSource(disks[0].source, disks[1].source, shape: shape)
    let sink = DifferenceSink(of: pair)
    do throws(ConversionError) {
      try Pipeline.run(from: pair, into: sink, shape: shape, control: control)
    } catch {
      guard let place = sink.firstDifference else { throw error }
      let sizes = disks.map { $0.byteCount(endingBy: place) }
      return DiskComparison(firstByteCount: sizes[0], secondByteCount: sizes[1], firstDifference: place)
    }
    for disk in disks { try disk.checkUnchanged() }
    let sizes = disks.map(\.foundByteCount)
    let isDifferent = options.isStrict && sizes[0] != sizes[1]
    return DiskComparison(
      firstByteCount: sizes[0], secondByteCount: sizes[1],
      firstDifference: isDifferent ? sizes.compactMap(\.self).min() : nil)
  }
}

/// One of the disks to be compared: raw, raw in gzip, or a Parallels image, which its first bytes tell.
private struct ComparedDisk {
  let source: any ExtentSource
  /// Its size, in bytes, as far as it is known beforehand.
  let byteCount: UInt64?
  private let raw: RawInput?
  private let image: ImageInput?

  init(_ input: Endpoint, options: DiskComparison.Options, control: ConversionControl) throws(ConversionError) {
    let file = try input.openForReading()
    let stream = LookaheadStream(file, interrupt: control.interrupt)
    let start: [UInt8]
    do throws(FileError) {
      start = try stream.peek(Layout.magicByteCount)
    } catch {
      throw ConversionError(error)
    }
    if Layout(magicOf: start.span.bytes) != nil {
      var input = try ImageInput(file, stream: stream, policy: ReadingPolicy(), control: control)
      source = try input.source(
        input.plan(outputSeekable: false), grid: .forCompression, temporaryDirectory: options.temporaryDirectory)
      byteCount = input.image.header.virtualByteCount
      (raw, image) = (nil, input)
    } else {
      let input = try Self.rawDisk(file, stream: stream, control: control)
      source = input.source
      byteCount = input.diskByteCount
      (raw, image) = (input, nil)
    }
  }

  private static func rawDisk(
    _ file: OpenFile, stream: LookaheadStream, control: ConversionControl
  ) throws(ConversionError) -> RawInput {
    do throws(ConversionError) {
      return try RawInput(file, stream: stream, grid: .forCompression, control: control)
    } catch {
      // An image in gzip: only raw disks may be compressed.
      throw error.cause == .isParallelsImage ? ConversionError(file.name, .isCompressed) : error
    }
  }

  var isCompressed: Bool { raw?.isCompressed == true }

  /// Its size, in bytes, as far as that is known when a difference was found at `offset`.
  ///
  /// Of a stream that ends behind it, the end may have been met or not, as threads go: that does not count.
  func byteCount(endingBy offset: UInt64) -> UInt64? { byteCount ?? raw?.byteCount(endingBy: offset) }

  /// Its size, in bytes, once all of it was read.
  var foundByteCount: UInt64? { raw?.foundByteCount ?? byteCount }

  func checkUnchanged() throws(ConversionError) {
    try raw?.checkUnchanged(isError: true)
    try image?.checkUnchanged(isError: true)
  }
}
