import ParallelsFormat

/// The size that the Parallels image of a raw disk would have.
public struct ImageMeasure: Equatable, Sendable {
  /// The exact length of the file that a conversion would write, in bytes.
  public var requiredByteCount: UInt64
  /// The length of the file once every cluster is allocated, in bytes.
  public var fullByteCount: UInt64

  /// Reads the disk as a conversion with these options would, without writing anything.
  ///
  /// - Throws: The errors of reading a raw disk, as in a conversion; `format` or `formatExtension` if no image can hold
  ///   the disk.
  public static func measure(
    _ input: Endpoint, options: RawToParallels.Options, control: ConversionControl
  ) throws(ConversionError) -> ImageMeasure {
    let image = options.image
    // Check the limits before reading the disk, as far as they are known.
    _ = try image.geometry(of: options.virtualByteCount ?? 0, path: input.inputName)
    let raw = try DiskOpener(input, control: control)
      .rawDisk(of: options.virtualByteCount, asIs: options.takesInputAsIs)
    let expected = try image.geometry(of: raw.byteCount ?? 0, path: raw.name)
    if !raw.isCompressed { control.progress.expect(raw.byteCount ?? 0) }
    let shape = image.grid.shape(threadCount: options.resources.threadCount)
    let look = TableSink(geometry: expected, grid: image.grid, threadCount: shape.threadCount, outputName: raw.name)
    let source = try raw.source(
      .diskOrder, grid: image.grid, padded: true, temporaryDirectory: options.resources.temporaryDirectory)
    try Pipeline.run(from: source, into: look, shape: shape, control: control)
    try raw.checkUnchanged(isError: false)
    let geometry = try image.geometry(of: raw.byteCount ?? source.foundByteCount ?? 0, path: raw.name)
    let holdData = UInt64(look.table.allocatedCount)
    return ImageMeasure(geometry, allocatedClusterCount: image.storesZeros ? geometry.clusterCount : holdData)
  }

  private init(_ geometry: ImageGeometry, allocatedClusterCount: UInt64) {
    requiredByteCount = (geometry.firstHostCluster + allocatedClusterCount) * geometry.clusterByteCount
    fullByteCount = (geometry.firstHostCluster + geometry.clusterCount) * geometry.clusterByteCount
  }
}
