import ParallelsFormat
import StreamIO

extension RawToParallels {
  /// Writes the image; if the size is not known yet, `geometry` is that of the smallest disk.
  func write(by plan: RawToParallelsPlan, geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    switch plan {
    case .onePass: try writeFile(target, geometry: geometry)
    case .spool: try spool(geometry)
    case .lookThenStream: try lookThenStream(geometry)
    case .streamAllAllocated: try streamAllAllocated(geometry)
    }
  }

  private func source() throws(ConversionError) -> any ExtentSource {
    try input.source(.diskOrder, grid: grid, padded: true, temporaryDirectory: options.resources.temporaryDirectory)
  }

  private var shape: PipelineShape { grid.shape(threadCount: options.resources.threadCount) }

  private func carry(from source: any ExtentSource, into sink: any ExtentSink) throws(ConversionError) {
    try Pipeline.run(from: source, into: sink, shape: shape, control: control)
  }

  /// Writes the image to a file in one pass.
  private func writeFile(_ target: TargetFile, geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    let sink = try ImageFileSink(
      target, geometry: geometry, grid: grid, threadCount: shape.threadCount, storesZeros: options.image.storesZeros,
      expectedByteCount: expectedByteCount(of: geometry))
    let source = try source()
    try carry(from: source, into: sink)
    guard input.byteCount == nil else { return try finish(sink, geometry: geometry) }
    let found = source.foundByteCount ?? 0
    warnOfOddLength(found)
    return try finish(sink, geometry: self.geometry(of: found))
  }

  private func finish(_ sink: ImageFileSink, geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    try sink.finish(geometry, extensionStart: options.image.extensionStart(geometry, path: target.name))
  }

  /// Writes the image to a temporary file, then sends that to the pipe.
  private func spool(_ geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    let spool = try converting(OpenFile.spool(in: options.resources.temporaryDirectory))
    let image = try writeFile(TargetFile(spool, control: control), geometry: geometry)
    guard let file = try DiskFile(spool, progress: control.progress) else {
      throw ConversionError(spool.name, .isStream)
    }
    try carry(from: DiskSource(RawDisk(file: file, byteCount: image.byteCount), grid: grid), into: StreamSink(target))
    return image
  }

  private func lookThenStream(_ geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    guard case .disk(let disk) = input.contents else { throw ConversionError(input.name, .isStream) }
    let look = TableSink(geometry: geometry, grid: grid, threadCount: shape.threadCount, outputName: target.name)
    try carry(from: source(), into: look)
    let data = AllocatedRanges(of: look.table, clusterByteCount: geometry.clusterByteCount, progress: control.progress)
    return try stream(DiskSource(disk, over: data, grid: grid), table: look.table, geometry: geometry)
  }

  private func streamAllAllocated(_ geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    var allocator = ClusterAllocator(geometry)
    let disk = 0..<geometry.clusterCount * geometry.clusterByteCount
    _ = try converting(target.name, allocator.allocateClusters(disk))
    return try stream(source(), table: allocator.table, geometry: geometry)
  }

  /// Writes header and BAT, then `source`, which supplies the allocated clusters in file order.
  private func stream(
    _ source: any ExtentSource, table: BlockAllocationTable, geometry: ImageGeometry
  ) throws(ConversionError) -> WrittenImage {
    let sink = StreamSink(target)
    let extensionStart = try options.image.extensionStart(geometry, path: target.name)
    try TableWriter(geometry: geometry, extensionStart: extensionStart, table: table)
      .write(inUse: .closed) { (bytes, _) throws(ConversionError) in try sink.begin(with: bytes) }
    try carry(from: source, into: sink)
    return WrittenImage(geometry: geometry, byteCount: sink.position, allocatedClusterCount: table.allocatedCount)
  }
}
