public import ParallelsFormat

/// The size that a new Parallels image of a disk would have.
public struct ImageMeasure: Equatable, Sendable {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// Size of a raw disk, in bytes; nil for that of the input.
    public var virtualByteCount: UInt64?
    /// Whether to treat any input as raw data, Parallels images included.
    public var takesInputAsIs: Bool
    /// The layout of the image; nil for that of a Parallels input, or the one that is usual.
    public var layout: Layout?
    /// Cluster size, in bytes; nil for that of a Parallels input, or 1 MiB.
    public var clusterByteCount: UInt64?
    /// Whether to store clusters of zeros as well, as in ``NewImage/storesZeros``.
    public var storesZeros: Bool
    /// A dirty bitmap to add to the image of a raw disk; nil for none.
    public var bitmap: NewBitmap?
    /// The bundle that will hold the image; nil for an image by itself.
    public var bundle: NewBundle?
    /// What to read of a Parallels input; damage is always an error.
    public var policy: ReadingPolicy
    /// Threads and temporary files to use.
    public var resources: Resources

    /// Creates options; by default, they are those of a conversion without options.
    public init(
      virtualByteCount: UInt64? = nil, takesInputAsIs: Bool = false, layout: Layout? = nil,
      clusterByteCount: UInt64? = nil, storesZeros: Bool = false, bitmap: NewBitmap? = nil, bundle: NewBundle? = nil,
      policy: ReadingPolicy = ReadingPolicy(), resources: Resources = Resources()
    ) {
      self.virtualByteCount = virtualByteCount
      self.takesInputAsIs = takesInputAsIs
      self.layout = layout
      self.clusterByteCount = clusterByteCount
      self.storesZeros = storesZeros
      self.bitmap = bitmap
      self.bundle = bundle
      self.policy = policy
      self.resources = resources
    }
  }

  /// The exact length of the file that a conversion would write, in bytes.
  public var requiredByteCount: UInt64
  /// The length of the file once every cluster is allocated, in bytes.
  public var fullByteCount: UInt64

  /// Reads the disk as a conversion with these options would, without writing anything.
  ///
  /// - Throws: The errors of reading, as in a conversion; `format` or `formatExtension` if no image can hold the disk.
  public static func measure(
    _ input: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) throws(ConversionError) -> ImageMeasure {
    let control = try control.orNew()
    // Check the limits before reading the disk, as far as they are known.
    _ = try options.image(for: nil).geometry(of: options.virtualByteCount ?? 0, path: input.inputName)
    let opener = try DiskOpener(input, policy: options.policy, control: control)
    // A size is for raw disks only.
    let disk =
      if options.virtualByteCount != nil || options.takesInputAsIs {
        try opener.rawDisk(
          of: options.virtualByteCount, asIs: options.takesInputAsIs, shortcuts: options.resources.gzipShortcuts)
      } else {
        try opener.disk(shortcuts: options.resources.gzipShortcuts)
      }
    let image = options.image(for: disk)
    let prepared = try BuildingInput(
      disk, for: image, keepsExtension: disk.figures != nil, path: disk.name, resources: options.resources)
    return try measure(image, of: prepared, options: options, control: control)
  }

  private static func measure(
    _ image: NewImage, of input: BuildingInput, options: Options, control: ConversionControl
  ) throws(ConversionError) -> ImageMeasure {
    let expected = try image.geometry(of: input.disk.byteCount ?? 0, carried: input.carried, path: input.disk.name)
    if case .marked(let marks) = input.stored {
      return ImageMeasure(image, expected, allocatedClusterCount: UInt64(marks.allocatedCount))
    }
    if !input.disk.isCompressed { control.progress.expect(input.disk.byteCount ?? 0) }
    let shape = image.grid.shape(threadCount: options.resources.threadCount)
    let look = TableSink(
      geometry: expected, grid: image.grid, threadCount: shape.threadCount, outputName: input.disk.name)
    let source = try input.source(for: image, resources: options.resources)
    try Pipeline.run(from: source, into: look, shape: shape, control: control)
    try input.disk.checkUnchanged(isError: false)
    let byteCount = input.disk.byteCount ?? source.foundByteCount ?? 0
    let geometry = try image.geometry(of: byteCount, carried: input.carried, path: input.disk.name)
    let holdData = UInt64(look.table.allocatedCount)
    return ImageMeasure(
      image, geometry, allocatedClusterCount: image.storesZeros ? geometry.clusterCount : holdData)
  }

  private init(_ image: NewImage, _ geometry: ImageGeometry, allocatedClusterCount: UInt64) {
    fullByteCount = (geometry.firstHostCluster + geometry.clusterCount) * geometry.clusterByteCount
    requiredByteCount = (geometry.firstHostCluster + allocatedClusterCount) * geometry.clusterByteCount
    if image.bundle?.isPlain == true {
      (requiredByteCount, fullByteCount) = (geometry.byteCount, geometry.byteCount)
    }
  }
}

extension ImageMeasure.Options {
  /// The properties of the image for `input`, or for a raw disk.
  fileprivate func image(for input: DiskInput?) -> NewImage {
    var image = NewImage(layout: layout, clusterByteCount: clusterByteCount, in: bundle, like: input)
    image.storesZeros = storesZeros
    image.bitmap = input?.figures == nil ? bitmap : nil
    return image
  }
}
