import ParallelsFormat

/// How large the image of a raw disk would be.
public struct ImageMeasure: Equatable, Sendable {
  /// Exactly the length of the file that a conversion would write, in bytes.
  public var requiredByteCount: UInt64
  /// Its length once every cluster is allocated, in bytes.
  public var fullByteCount: UInt64

  /// Reads the disk as a conversion does, and writes nothing.
  ///
  /// - Throws: What reading a raw disk can bring, as for a conversion; `format` when no image can hold the disk.
  public static func measure(
    _ input: Endpoint, options: RawToParallels.Options, control: ConversionControl
  ) throws(ConversionError) -> ImageMeasure {
    // Limits are refused before the disk is read, as far as they are known.
    try options.checkLimits(of: options.virtualByteCount ?? 0, path: input.inputName)
    let file = try input.openForReading()
    let raw = try RawInput(file, options: options, control: control)
    if let size = raw.diskByteCount { try options.checkLimits(of: size, path: raw.name) }
    let grid = ExtentGrid(clusterByteCount: options.clusterByteCount)
    let expected = try options.geometry(raw.diskByteCount ?? 0, path: raw.name)
    if !raw.isCompressed { control.expect(raw.diskByteCount ?? 0) }
    let look = TableSink(geometry: expected, grid: grid, outputName: raw.name)
    try Pipeline.run(
      from: raw.source, into: look, shape: grid.shape(threadCount: options.common.threadCount), control: control)
    try raw.checkUnchanged(isError: false)
    let geometry = try options.geometry(raw.foundByteCount, path: raw.name)
    let holdData = UInt64(look.allocator.hostClusters.allocatedCount)
    _ = try options.extensionStart(geometry, path: raw.name)
    return ImageMeasure(geometry, allocatedClusterCount: options.storesZeros ? geometry.clusterCount : holdData)
  }

  private init(_ geometry: ImageGeometry, allocatedClusterCount: UInt64) {
    requiredByteCount = (geometry.firstHostCluster + allocatedClusterCount) * geometry.clusterByteCount
    fullByteCount = (geometry.firstHostCluster + geometry.clusterCount) * geometry.clusterByteCount
  }
}
