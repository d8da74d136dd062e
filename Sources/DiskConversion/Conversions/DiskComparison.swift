/// Whether two disks have the same bytes, whatever they are stored as.
public struct DiskComparison: Equatable, Sendable {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// Whether disks whose sizes differ by zeros only are different, too.
    public var isStrict = false
    /// What the work may use; an image that comes through a pipe out of order needs a temporary file.
    public var resources = Resources()

    /// The defaults.
    public init() {}
  }

  /// Size of the first disk, in bytes.
  ///
  /// Nil when it came as a stream whose end lies after the first difference, and was not waited for.
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
  /// Reading is as strict as for a conversion. That disks differ is not an error.
  ///
  /// - Throws: What reading can bring, as for the conversions: `file`, `format`, `header`, `entry`; `changed` when
  ///   a disk was written to meanwhile; `cancelled`.
  public static func compare(
    _ first: Endpoint, _ second: Endpoint, options: Options, control: ConversionControl
  ) throws(ConversionError) -> DiskComparison {
    let disks = [
      try ComparedDisk(first, options: options, control: control),
      try ComparedDisk(second, options: options, control: control),
    ]
    let longest = disks.compactMap(\.input.byteCount).max()
    // Of two compressed disks of unknown size, neither's share shows how far the work is.
    if longest != nil || disks.allSatisfy(\.input.isCompressed) { control.progress.expect(longest ?? 0) }
    let shape = ExtentGrid.forCompression.shape(threadCount: options.resources.threadCount)
    let pair = PairSource(disks[0].source, disks[1].source, shape: shape)
    let sink = DifferenceSink(of: pair, shape: shape)
    try Pipeline.run(from: pair, into: sink, shape: shape, control: control)
    if let place = sink.firstDifference {
      let sizes = disks.map { $0.byteCount(endingBy: place) }
      return DiskComparison(firstByteCount: sizes[0], secondByteCount: sizes[1], firstDifference: place)
    }
    for disk in disks { try disk.input.checkUnchanged(isError: true) }
    let sizes = disks.map(\.byteCount)
    let isDifferent = options.isStrict && sizes[0] != sizes[1]
    return DiskComparison(
      firstByteCount: sizes[0], secondByteCount: sizes[1],
      firstDifference: isDifferent ? sizes.compactMap(\.self).min() : nil)
  }
}

/// One of the disks to be compared.
private struct ComparedDisk {
  let input: DiskInput
  let source: any ExtentSource

  init(_ endpoint: Endpoint, options: DiskComparison.Options, control: ConversionControl) throws(ConversionError) {
    let opened = try DiskOpener(endpoint, control: control).disk()
    let plan = opened.plan(outputSeekable: false)
    input = try opened.copied(for: plan, to: options.resources.temporaryDirectory)
    source = try input.source(plan, grid: .forCompression, temporaryDirectory: options.resources.temporaryDirectory)
  }

  /// Its size, in bytes, as far as it is known by now.
  var byteCount: UInt64? { input.byteCount ?? source.foundByteCount }

  /// Its size, in bytes, as far as that is known when a difference was found at `offset`.
  ///
  /// If a stream ends after `offset`, whether its end was already read depends on thread timing, so it is not reported.
  func byteCount(endingBy offset: UInt64) -> UInt64? {
    guard let found = source.foundByteCount, found > offset else { return byteCount }
    return input.byteCount
  }
}
