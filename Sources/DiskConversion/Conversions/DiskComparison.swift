/// The result of comparing the bytes of two disks, whatever their formats.
public struct DiskComparison: Equatable, Sendable {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// Whether disks count as different if only zeros at the end of one make their sizes differ.
    public var isStrict: Bool
    /// Whether whatever is not a Parallels image is raw data, gzip and other formats included.
    public var takesInputAsIs: Bool
    /// What to read of a bundle, and whether to read part of one by itself; damage is always an error.
    public var policy: ReadingPolicy
    /// Threads and temporary files to use; an image that comes through a pipe out of order needs a temporary file.
    public var resources: Resources

    /// Creates options; by default, zeros at the end of one disk make no difference.
    public init(
      isStrict: Bool = false, takesInputAsIs: Bool = false, policy: ReadingPolicy = ReadingPolicy(),
      resources: Resources = Resources()
    ) {
      self.isStrict = isStrict
      self.takesInputAsIs = takesInputAsIs
      self.policy = policy
      self.resources = resources
    }
  }

  /// Size of the first disk, in bytes.
  ///
  /// Nil if the disk came as a stream that goes on after the first difference.
  public var firstByteCount: UInt64?
  /// Size of the second disk, in bytes; nil as for the first.
  public var secondByteCount: UInt64?
  /// Offset of the first byte that differs; nil if the disks are equal.
  ///
  /// If the sizes alone differ and the comparison is strict, this is the end of the shorter disk.
  public var firstDifference: UInt64?

  /// Whether the sizes differ.
  public var hasSizesThatDiffer: Bool { firstByteCount != secondByteCount }

  /// Compares two disks byte by byte; each may be raw, raw in gzip or a Parallels image.
  ///
  /// Reading is as strict as in a conversion. A difference is not an error.
  ///
  /// - Throws: The errors of reading, as in a conversion: `file`, `format`, `header`, `entry`, `isCompressed` or
  ///   `endedEarly`; `changed` if a disk was written to meanwhile; `cancelled`.
  public static func compare(
    _ first: Endpoint, _ second: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) throws(ConversionError) -> DiskComparison {
    let control = try control.orNew()
    let policy = options.policy
    if policy.snapshot != nil, try first.openBundle(policy) == nil, try second.openBundle(policy) == nil {
      throw ConversionError(first.inputName, .hasNoSnapshots)
    }
    let disks = [
      try ComparedDisk(first, options: options, control: control),
      try ComparedDisk(second, options: options, control: control),
    ]
    let longest = disks.compactMap(\.input.byteCount).max()
    // If both disks are compressed and of unknown size, the position in neither of them shows the overall progress.
    if longest != nil || disks.allSatisfy(\.input.isCompressed) { control.progress.expect(longest ?? 0) }
    let difference = try firstDifference(
      disks[0].source, disks[1].source, threadCount: options.resources.threadCount, control: control)
    if let place = difference {
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

extension DiskComparison {
  /// Offset of the first byte in which two disks differ, if the shorter one is extended with zeros; nil if there is none.
  ///
  /// The sources must have the grid for compression.
  static func firstDifference(
    _ first: any ExtentSource, _ second: any ExtentSource, threadCount: Int, control: ConversionControl
  ) throws(ConversionError) -> UInt64? {
    let shape = ExtentGrid.forCompression.shape(threadCount: threadCount)
    let pair = try PairSource(first, second, shape: shape)
    let sink = DifferenceSink(of: pair, shape: shape)
    try Pipeline.run(from: pair, into: sink, shape: shape, control: control)
    return sink.firstDifference
  }
}

private struct ComparedDisk {
  let input: DiskInput
  let source: any ExtentSource

  init(_ endpoint: Endpoint, options: DiskComparison.Options, control: ConversionControl) throws(ConversionError) {
    var policy = options.policy
    // The other disk may be the bundle.
    if try endpoint.openBundle(policy) == nil { policy.snapshot = nil }
    let opened = try DiskOpener(endpoint, policy: policy, control: control).disk(
      asIs: options.takesInputAsIs, shortcuts: options.resources.gzipShortcuts)
    let plan = opened.plan(outputSeekable: false)
    input = try opened.copied(for: plan, to: options.resources.temporaryDirectory)
    source = try input.source(plan, grid: .forCompression, temporaryDirectory: options.resources.temporaryDirectory)
  }

  /// Its size in bytes, as far as it is known by now.
  var byteCount: UInt64? { input.byteCount ?? source.foundByteCount }

  /// Its size in bytes, as far as it is known when a difference at `offset` ends the comparison.
  ///
  /// If a stream ends after `offset`, whether its end was already read depends on thread timing, so it is not reported.
  func byteCount(endingBy offset: UInt64) -> UInt64? {
    guard let found = source.foundByteCount, found > offset else { return byteCount }
    return input.byteCount
  }
}
