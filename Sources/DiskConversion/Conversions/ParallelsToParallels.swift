public import ParallelsFormat

/// Rewrites a Parallels disk as a new image or bundle: flattened, without clusters of zeros, and in disk order.
public enum ParallelsToParallels {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// The layout to write; nil for that of the input, or for a bundle, the legacy one.
    public var layout: Layout?
    /// Cluster size, in bytes; nil for that of the input.
    public var clusterByteCount: UInt64?
    /// Whether to store every cluster that the input stores, without looking for zeros.
    public var keepsAllocated: Bool
    /// Whether to leave out the dirty bitmaps, and all else in the format extension.
    public var dropsBitmaps: Bool
    /// The bundle to write; nil for an image.
    public var bundle: NewBundle?
    /// What to read, and what to do if an image breaks a rule.
    public var policy: ReadingPolicy
    /// How to handle the output.
    public var output: OutputOptions
    /// Threads and temporary files to use.
    public var resources: Resources

    /// Creates options; by default, the output has the layout and the cluster size of the input.
    public init(
      layout: Layout? = nil, clusterByteCount: UInt64? = nil, keepsAllocated: Bool = false, dropsBitmaps: Bool = false,
      bundle: NewBundle? = nil, policy: ReadingPolicy = ReadingPolicy(), output: OutputOptions = OutputOptions(),
      resources: Resources = Resources()
    ) {
      self.layout = layout
      self.clusterByteCount = clusterByteCount
      self.keepsAllocated = keepsAllocated
      self.dropsBitmaps = dropsBitmaps
      self.bundle = bundle
      self.policy = policy
      self.output = output
      self.resources = resources
    }

    /// The properties of the image for `input`.
    func image(for input: DiskInput) -> NewImage {
      var image = NewImage(layout: layout, clusterByteCount: clusterByteCount, in: bundle, like: input)
      image.storesZeros = keepsAllocated
      return image
    }
  }

  /// Rewrites `input`, which stays as it is; on an error, a new output file or bundle is removed.
  ///
  /// Valid dirty bitmaps of an image, or of the topmost one of a bundle, are kept.
  ///
  /// - Throws: The errors of reading as in ``ParallelsToRaw`` and of writing as in ``RawToParallels``;
  ///   `formatExtension` for a feature that forbids changing the image, or for a cluster too small for its bitmaps.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) throws(ConversionError) -> ConversionSummary {
    let control = try control.orNew()
    let opener = try DiskOpener(input, policy: options.policy, control: control)
    return try opener.build(at: output, in: options.bundle, options: options.output, control: control) {
      (file) throws(ConversionError) in
      let input = try opener.parallelsDisk()
      return try ImageBuilder(
        options.image(for: input), of: input, to: file,
        keepsExtension: !options.dropsBitmaps, sharing: options.output.sharing, resources: options.resources,
        control: control)
    }
  }
}
