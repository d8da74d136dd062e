/// Converts a raw disk to a Parallels image or bundle.
public enum RawToParallels {
  /// What the user can choose.
  public struct Options: Equatable, Sendable {
    /// Size of the disk, in bytes; nil for that of the input.
    ///
    /// If the input is shorter, zeros follow it.
    public var virtualByteCount: UInt64?
    /// Whether to treat any input as raw data, without refusing a Parallels image or decompressing gzip.
    public var takesInputAsIs: Bool
    /// Whether to read the holes of a file instead of asking the file system for them; then no blocks are shared.
    ///
    /// XFS before Linux 6.9 could report a hole where another program had just written data.
    public var readsHoles: Bool
    /// The properties of the image.
    public var image: NewImage
    /// How to handle the output.
    public var output: OutputOptions
    /// Threads and temporary files to use.
    public var resources: Resources

    /// Creates options; by default, the disk has the size of the input.
    public init(
      virtualByteCount: UInt64? = nil, takesInputAsIs: Bool = false, readsHoles: Bool = false,
      image: NewImage = NewImage(), output: OutputOptions = OutputOptions(), resources: Resources = Resources()
    ) {
      self.virtualByteCount = virtualByteCount
      self.takesInputAsIs = takesInputAsIs
      self.readsHoles = readsHoles
      self.image = image
      self.output = output
      self.resources = resources
    }
  }

  /// Converts `input`; on an error, a new output file or bundle is removed.
  ///
  /// Blocks the calling thread until the conversion ends; use `control` from other threads to follow or cancel it.
  ///
  /// - Throws: `format` or `formatExtension` if no image can hold the disk, if possible before anything is opened;
  ///   `file` if a file can't be read, decompressed or written; `isParallelsImage`, `longerThan`, `endedEarly` or
  ///   `changed` about the input; `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents`, `takesMessages`,
  ///   `isInputToo`, `isNotBundle` or `bundleName` about the output; `cancelled`.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) throws(ConversionError) -> ConversionSummary {
    let control = try control.orNew()
    _ = try options.image.geometry(of: options.virtualByteCount ?? 0, path: output.name)
    let opener = try DiskOpener(input, control: control)
    return try opener.build(at: output, in: options.image.bundle, options: options.output, control: control) {
      (file) throws(ConversionError) in
      try ImageBuilder(
        options.image,
        of: opener.rawDisk(
          of: options.virtualByteCount, asIs: options.takesInputAsIs, readsHoles: options.readsHoles,
          shortcuts: options.resources.gzipShortcuts), to: file,
        sharing: options.readsHoles ? .never : options.output.sharing, resources: options.resources, control: control)
    }
  }
}
