import ParallelsFormat
import StreamIO

/// Writes an image by sharing the blocks of its input, and copies only what can't be shared.
struct SharedImage {
  private let disk: any Disk
  private let sharing: BlockSharing
  private let target: TargetFile
  private let geometry: ImageGeometry
  private let control: ConversionControl
  private var runs: StoredRuns
  private var allocator: ClusterAllocator

  /// - Throws: `outOfMemory`.
  init(
    of disk: any Disk, stored: StoredClusters, geometry: ImageGeometry, to target: TargetFile, sharing: BlockSharing,
    control: ConversionControl
  ) throws(ConversionError) {
    self.disk = disk
    self.sharing = sharing
    self.target = target
    self.geometry = geometry
    self.control = control
    runs = try StoredRuns(disk, stored: stored, geometry: geometry)
    allocator = ClusterAllocator(geometry)
  }

  /// Writes all clusters; returns the table, or nil if the file system shares nothing.
  ///
  /// Nothing of an unfinished image must remain then, but its first bytes may be overwritten.
  mutating func write() throws(ConversionError) -> BlockAllocationTable? {
    try target.write(Header(geometry: geometry, inUse: .open).encoded, at: 0)
    var position: UInt64 = 0
    while let run = try runs.next() {
      try control.cancellation.check()
      control.progress.advance(by: run.lowerBound - position)
      let host = try converting(target.name, allocator.allocateClusters(run))
      guard try write(run, at: host) else { return nil }
      control.progress.advance(by: run.upperBound - run.lowerBound)
      position = run.upperBound
    }
    return allocator.table
  }

  /// Writes the clusters of `run` from `host` on; false if the file system shares nothing.
  private func write(_ run: Range<UInt64>, at host: UInt64) throws(ConversionError) -> Bool {
    var extents = disk.extents(in: run)
    var end = run.lowerBound
    while let extent = try extents.next() {
      guard extent.contents == .data else { continue }
      try target.writeZeros(over: host + (end - run.lowerBound)..<host + (extent.guestOffset - run.lowerBound))
      let place = host + (extent.guestOffset - run.lowerBound)
      let shared = try sharing.share(extent, at: place)
      guard !sharing.isHopeless else { return false }
      try fillGaps(of: extent, in: shared, at: place + (shared.lowerBound - extent.guestOffset))
      try copy(extent.guestOffset..<shared.lowerBound, to: place)
      try copy(shared.upperBound..<extent.guestEnd, to: place + (shared.upperBound - extent.guestOffset))
      end = extent.guestEnd
    }
    try target.writeZeros(over: host + (end - run.lowerBound)..<host + (run.upperBound - run.lowerBound))
    return true
  }

  /// Writes zeros where the source of `shared` has only reserved space, since an image has no such parts.
  ///
  /// Sharing flushes the source, so its answer is final unless another program writes to it.
  private func fillGaps(of extent: DiskExtent, in shared: Range<UInt64>, at place: UInt64) throws(ConversionError) {
    guard let file = extent.file?.file, let host = extent.hostOffset, !shared.isEmpty else { return }
    let start = host + (shared.lowerBound - extent.guestOffset)
    do throws(FileError) {
      var position = start
      let end = host + (shared.upperBound - extent.guestOffset)
      while let gap = try file.gap(from: position, before: end) {
        try zero(place + (gap.lowerBound - start)..<place + (gap.upperBound - start))
        position = gap.upperBound
      }
    } catch {
      guard sharing.permitsCopy(after: error) else { throw ConversionError(error) }
      try copy(shared, to: place)
    }
  }

  private func zero(_ range: Range<UInt64>) throws(FileError) {
    try ZeroBlock.forEachBlock(of: range.upperBound - range.lowerBound) { (block, done) throws(FileError) in
      try target.file.write(block, at: range.lowerBound + done)
    }
  }

  /// Writes zeros where a finished image of this length has only reserved space, because its source was written to.
  ///
  /// Bytes that a file has only in memory look as if they were not written, so it is first written out.
  func fillGaps(_ byteCount: UInt64) throws(ConversionError) {
    try converting(target.file.synchronize())
    do throws(FileError) {
      var position: UInt64 = 0
      while let gap = try target.file.gap(from: position, before: byteCount) {
        try zero(gap)
        position = gap.upperBound
      }
    } catch {
      // Where the file system doesn't say, nothing was shared.
      guard sharing.permitsCopy(after: error) else { throw ConversionError(error) }
    }
  }

  private func copy(_ range: Range<UInt64>, to place: UInt64) throws(ConversionError) {
    guard !range.isEmpty else { return }
    try withBuffer(byteCount: Int(min(range.upperBound - range.lowerBound, ExtentGrid.copiedByteLimit))) {
      (buffer) throws(ConversionError) in
      var position = range.lowerBound
      while position < range.upperBound {
        try control.cancellation.check()
        let part = buffer.part(..<Int(min(UInt64(buffer.count), range.upperBound - position)))
        try disk.read(into: part, at: position)
        try target.write(UnsafeRawBufferPointer(part), at: place + (position - range.lowerBound))
        position += UInt64(part.count)
      }
    }
  }
}
