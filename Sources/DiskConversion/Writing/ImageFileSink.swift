import ParallelsFormat
import StreamIO

/// Writes a Parallels image to a file: clusters as they come, and header and BAT at the end.
///
/// The data area holds the clusters in disk order (except any that `clearRoom` moves), each whole, without gaps or
/// holes: Virtuozzo's driver refuses an image with holes.
final class ImageFileSink: ExtentSink {
  private struct Turn {
    var allocator: ClusterAllocator
    var space: ReservedSpace
  }

  /// The bytes of a slot to store, and their position in the file.
  private struct Placed {
    /// The ranges of the slot's bytes in occupied clusters, before they were moved together at the start of its buffer.
    var runs: [Range<Int>] = []
    var destination: UInt64 = 0
    /// A range of the file to fill with zeros in addition.
    var zeroFill: Range<UInt64> = 0..<0
  }

  private let target: TargetFile
  private let grid: ExtentGrid
  private let stored: StoredClusters
  private let turn: InTurn<Turn>
  private let placed: PerThread<Placed>

  /// Begins an image; if the size of the disk is unknown, `geometry` is for the smallest size expected.
  ///
  /// Room for the table of that size is reserved. `expectedByteCount` is the length that the image is known to reach, in
  /// bytes; 0 if nothing is known.
  init(
    _ target: TargetFile, geometry: ImageGeometry, grid: ExtentGrid, threadCount: Int, stored: StoredClusters,
    expectedByteCount: UInt64 = 0
  ) throws(ConversionError) {
    self.target = target
    self.grid = grid
    self.stored = stored
    turn = InTurn(
      Turn(
        allocator: ClusterAllocator(geometry),
        space: ReservedSpace(of: target.file, expectedByteCount: expectedByteCount)))
    placed = PerThread(count: threadCount, repeating: Placed())
    try target.write(Header(geometry: geometry, inUse: .open).encoded, at: 0)
  }

  func prepare(_ slot: Slot) {
    placed[slot] = Placed(runs: grid.occupiedRuns(of: slot, storing: stored))
    closeGaps(in: slot.buffer, between: placed[slot].runs)
  }

  /// Moves the bytes of occupied clusters together, as they will lie in the file.
  private func closeGaps(in buffer: UnsafeMutableRawBufferPointer, between runs: [Range<Int>]) {
    guard let base = buffer.baseAddress else { return }
    var end = 0
    for run in runs {
      if run.lowerBound > end { (base + end).copyMemory(from: base + run.lowerBound, byteCount: run.count) }
      end += run.count
    }
  }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    if slot.extent.isZero {
      try converting(target.name, placeZeros(slot))
    } else if grid.splitsClusters {
      try converting(target.name, placePart(slot))
    } else {
      try converting(target.name, placeClusters(slot))
    }
    turn.state.space.cover(turn.state.allocator.nextHostCluster * grid.clusterByteCount)
    return .next
  }

  private func placeClusters(_ slot: Slot) throws(FormatError) {
    let start = slot.extent.guestOffset
    for (position, run) in placed[slot].runs.enumerated() {
      let host = try turn.state.allocator.allocateClusters(
        start + UInt64(run.lowerBound)..<start + UInt64(run.upperBound))
      if position == 0 { placed[slot].destination = host }
    }
  }

  private func placePart(_ slot: Slot) throws(FormatError) {
    if placed[slot].runs.isEmpty {
      // This part is zeros, but is stored anyway if an earlier part made the cluster allocated.
      guard turn.state.allocator.hostOffset(ofClusterAt: slot.extent.guestOffset) != nil else { return }
      placed[slot].runs = [0..<slot.bytes.count]
    }
    let place = try turn.state.allocator.allocatePart(at: slot.extent.guestOffset)
    (placed[slot].destination, placed[slot].zeroFill) = place
  }

  private func placeZeros(_ slot: Slot) throws(FormatError) {
    let extent = slot.extent
    let nextCluster = grid.roundedUpToClusters(extent.guestOffset)
    if extent.guestOffset < nextCluster, let host = turn.state.allocator.hostOffset(ofClusterAt: extent.guestOffset) {
      // The rest of a cluster that an earlier part made allocated.
      let start = host + extent.guestOffset % grid.clusterByteCount
      placed[slot].zeroFill = start..<start + (min(nextCluster, extent.guestEnd) - extent.guestOffset)
    }
    guard case .all = stored, nextCluster < extent.guestEnd else { return }
    // If every cluster is stored, the file is in disk order, so all zeros of the extent form one range of it.
    let host = try turn.state.allocator.allocateClusters(nextCluster..<grid.roundedUpToClusters(extent.guestEnd))
    let start = placed[slot].zeroFill.isEmpty ? host : placed[slot].zeroFill.lowerBound
    placed[slot].zeroFill = start..<host + (extent.guestEnd - nextCluster)
  }

  func store(_ slot: Slot) throws(ConversionError) {
    let placed = placed[slot]
    try target.writeZeros(over: placed.zeroFill)
    let byteCount = placed.runs.reduce(0) { $0 + $1.count }
    guard byteCount > 0 else { return }
    try target.write(UnsafeRawBufferPointer(slot.buffer.part(..<byteCount)), at: placed.destination)
  }
}

extension ImageFileSink {
  /// Writes BAT, extension and header for a disk of the size in `geometry`.
  func finish(
    _ geometry: ImageGeometry, formatExtension: NewExtension? = nil, inUse: InUse = .closed
  ) throws(ConversionError) -> WrittenImage {
    var allocator = turn.state.allocator
    try converting(target.name, allocator.makeRoom(forClusters: geometry.clusterCount))
    try allocator.clearRoom(before: geometry.firstHostCluster) { (from, to) throws(ConversionError) in
      try moveCluster(from: from, to: to)
    }
    return try TableWriter(geometry: geometry, formatExtension: formatExtension, table: allocator.table)
      .complete(target, byteCount: allocator.nextHostCluster * grid.clusterByteCount, inUse: inUse)
  }

  private func moveCluster(from: UInt64, to: UInt64) throws(ConversionError) {
    try withBuffer(byteCount: Int(grid.extentByteCount)) {
      (buffer) throws(ConversionError) in
      var done: UInt64 = 0
      while done < grid.clusterByteCount {
        let part = buffer.part(..<Int(min(grid.extentByteCount, grid.clusterByteCount - done)))
        let source = from * grid.clusterByteCount + done
        guard try converting(target.file.read(into: part, at: source)) == part.count else {
          throw ConversionError(FileError(.read, target.name, at: source, code: EIO))
        }
        try converting(
          target.file.write(UnsafeRawBufferPointer(part), at: to * grid.clusterByteCount + done))
        done += UInt64(part.count)
      }
    }
  }
}
