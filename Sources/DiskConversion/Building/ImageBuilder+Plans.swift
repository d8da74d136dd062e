import ParallelsFormat
import StreamIO

extension ImageBuilder {
  /// Writes the image; if the size is not known yet, `geometry` is that of the smallest disk.
  func write(
    by plan: BuildingPlan, sharing: BlockSharing?, geometry: ImageGeometry
  ) throws(ConversionError) -> WrittenImage {
    switch plan {
    case .share: try writeShared(geometry, sharing)
    case .onePass: try writeFile(target, geometry: geometry)
    case .plain: try writePlain(geometry, sharing)
    case .spool: try spool(geometry)
    case .lookThenStream: try lookThenStream(geometry)
    case .streamKnownClusters: try streamKnownClusters(geometry)
    }
  }

  private func source() throws(ConversionError) -> any ExtentSource {
    try prepared.source(for: image, resources: resources)
  }

  private var shape: PipelineShape { grid.shape(threadCount: resources.threadCount) }

  private func carry(from source: any ExtentSource, into sink: any ExtentSink) throws(ConversionError) {
    try Pipeline.run(from: source, into: sink, shape: shape, control: control)
  }

  /// The geometry for the size that `source` turned out to have.
  private func finalGeometry(
    _ geometry: ImageGeometry, after source: any ExtentSource
  ) throws(ConversionError) -> ImageGeometry {
    guard input.byteCount == nil else { return geometry }
    let found = source.foundByteCount ?? 0
    try check(found)
    return try self.geometry(of: found)
  }

  /// Writes the image to a file in one pass.
  private func writeFile(_ target: TargetFile, geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    let sink = try ImageFileSink(
      target, geometry: geometry, grid: grid, threadCount: shape.threadCount, stored: prepared.stored,
      expectedByteCount: expectedByteCount(of: geometry))
    let source = try source()
    try carry(from: source, into: sink)
    let geometry = try finalGeometry(geometry, after: source)
    return try sink.finish(geometry, formatExtension: formatExtension(geometry), inUse: image.finalUse(in: geometry))
  }

  private func formatExtension(_ geometry: ImageGeometry) throws(ConversionError) -> NewExtension? {
    try NewExtension(image.bitmap, carried: prepared.carried, in: geometry, path: target.name)
  }

  /// Writes the image to a file that shares the blocks of the input.
  private func writeShared(
    _ geometry: ImageGeometry, _ sharing: BlockSharing?
  ) throws(ConversionError) -> WrittenImage {
    guard let sharing, case .disk(let disk) = input.contents else { return try writeFile(target, geometry: geometry) }
    var shared = try SharedImage(
      of: disk, stored: prepared.stored, geometry: geometry, to: target, sharing: sharing, control: control)
    guard let table = try shared.write() else {
      control.events.report(.plan("copying: the file system does not share these blocks"))
      control.progress.restart()
      return try writeFile(target, geometry: geometry)
    }
    let byteCount = (geometry.firstHostCluster + UInt64(table.allocatedCount)) * geometry.clusterByteCount
    let written = try TableWriter(geometry: geometry, formatExtension: formatExtension(geometry), table: table)
      .complete(target, byteCount: byteCount, inUse: image.finalUse(in: geometry))
    if try input.wasChanged() { try shared.fillGaps(byteCount) }
    return written
  }

  /// Writes the raw bytes of the disk to a file.
  private func writePlain(
    _ geometry: ImageGeometry, _ sharing: BlockSharing?
  ) throws(ConversionError) -> WrittenImage {
    let sink = RawFileSink(
      target, sparseByteCount: ParallelsToRaw.Options.standardSparseByteCount, over: .zeros,
      threadCount: shape.threadCount)
    var source = try source()
    if let sharing, case .disk(let disk) = input.contents {
      try target.truncate(to: geometry.byteCount)
      let rest = try SharedDisk(disk: disk, sharing: sharing, control: control).share()
      source = DiskSource(disk, over: rest, grid: grid)
    }
    try carry(from: source, into: sink)
    let geometry = try finalGeometry(geometry, after: source)
    let byteCount = geometry.byteCount
    try target.truncate(to: byteCount)
    try refuseAmbiguous(byteCount)
    return WrittenImage(
      geometry: geometry, byteCount: byteCount, allocatedClusterCount: Int(clamping: geometry.clusterCount))
  }

  /// Refuses a raw disk that `BundleImage` would take for an image.
  private func refuseAmbiguous(_ byteCount: UInt64) throws(ConversionError) {
    try withBuffer(byteCount: Header.byteCount) { (start) throws(ConversionError) in
      let count = try converting(target.file.read(into: start, at: 0))
      let header = try? Header(parsing: UnsafeRawBufferPointer(start.part(..<count)).bytes)
      guard header?.virtualByteCount != byteCount else { throw ConversionError(input.name, .looksLikeImage) }
    }
  }

  /// Writes the image to a temporary file, then sends that to the pipe.
  private func spool(_ geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    let spool = try converting(OpenFile.spool(in: resources.temporaryDirectory))
    let image = try writeFile(TargetFile(spool, control: control), geometry: geometry)
    guard let file = try DiskFile(spool, progress: control.progress) else {
      throw ConversionError(spool.name, .isStream)
    }
    let source = DiskSource(RawDisk(file: file, byteCount: image.byteCount), grid: grid)
    try carry(from: source, into: StreamSink(target, from: source))
    return image
  }

  private func lookThenStream(_ geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    guard case .disk(let disk) = input.contents else { throw ConversionError(input.name, .isStream) }
    let look = TableSink(geometry: geometry, grid: grid, threadCount: shape.threadCount, outputName: target.name)
    try carry(from: source(), into: look)
    let data = AllocatedRanges(of: look.table, clusterByteCount: geometry.clusterByteCount, progress: control.progress)
    return try stream(DiskSource(disk, over: data, grid: grid), table: look.table, geometry: geometry)
  }

  private func streamKnownClusters(_ geometry: ImageGeometry) throws(ConversionError) -> WrittenImage {
    var allocator = ClusterAllocator(geometry)
    guard case .marked(let marks) = prepared.stored else {
      let disk = 0..<geometry.clusterCount * geometry.clusterByteCount
      _ = try converting(target.name, allocator.allocateClusters(disk))
      return try stream(source(), table: allocator.table, geometry: geometry)
    }
    try marks.forEachAllocated(before: marks.count) { (cluster, _) throws(ConversionError) in
      let start = UInt64(cluster) * geometry.clusterByteCount
      _ = try converting(target.name, allocator.allocateClusters(start..<start + geometry.clusterByteCount))
    }
    return try stream(source(), only: marks, table: allocator.table, geometry: geometry)
  }

  /// Writes header, BAT and extension, then `source`, which supplies the clusters in file order, and maybe others.
  private func stream(
    _ source: any ExtentSource, only marks: BlockAllocationTable? = nil, table: BlockAllocationTable,
    geometry: ImageGeometry
  ) throws(ConversionError) -> WrittenImage {
    let sink = StreamSink(target, from: source, only: marks.map { ($0, grid) })
    try TableWriter(geometry: geometry, formatExtension: formatExtension(geometry), table: table)
      .write(inUse: image.finalUse(in: geometry)) { (bytes, _) throws(ConversionError) in try sink.begin(with: bytes) }
    try carry(from: source, into: sink)
    return WrittenImage(geometry: geometry, byteCount: sink.position, allocatedClusterCount: table.allocatedCount)
  }
}
