import ParallelsFormat
import StreamIO

/// A Parallels image in a file: clusters as they come, header and table when all are there.
///
/// The data area holds the clusters in disk order without gaps, each whole, never a hole in it: Virtuozzo's driver
/// refuses an image with holes.
final class ImageFileSink: ExtentSink, @unchecked Sendable {  // SAFETY: `allocator`, `space`: only in turn, by `place`.
  private let file: OpenFile
  private let grid: ExtentGrid
  private let storesZeros: Bool
  private let control: ConversionControl
  private var allocator: ClusterAllocator
  private var space: ReservedSpace

  /// An image for a disk of the size in `geometry`, or of one that is found on the way: then the size there is the
  /// smallest that is expected, and room for its table is kept.
  init(
    _ file: OpenFile, geometry: ImageGeometry, grid: ExtentGrid, storesZeros: Bool, control: ConversionControl
  ) throws(ConversionError) {
    self.file = file
    self.grid = grid
    self.storesZeros = storesZeros
    self.control = control
    allocator = ClusterAllocator(
      clusterByteCount: grid.clusterByteCount, clusterCount: geometry.clusterCount,
      firstHostCluster: geometry.firstHostCluster)
    space = ReservedSpace(of: file)
    try write(Header(geometry: geometry, inUse: .open).encoded, at: 0)
  }

  func prepare(_ slot: Slot) {
    slot.runs = occupiedRuns(of: slot, grid: grid, storesZeros: storesZeros)
    closeGaps(in: slot)
  }

  /// Moves the bytes of occupied clusters together, as they will lie in the file.
  private func closeGaps(in slot: Slot) {
    guard let base = slot.buffer.baseAddress else { return }
    var end = 0
    for run in slot.runs {
      if run.lowerBound > end { (base + end).copyMemory(from: base + run.lowerBound, byteCount: run.count) }
      end += run.count
    }
  }

  func place(_ slot: Slot) throws(ConversionError) {
    slot.zeroFill = 0..<0
    try converting(file.name) { () throws(FormatError) in
      if slot.extent.isZero {
        try placeZeros(slot)
      } else if grid.splitsClusters {
        try placePart(slot)
      } else {
        try placeClusters(slot)
      }
    }
    space.cover(allocator.nextHostCluster * grid.clusterByteCount)
  }

  private func placeClusters(_ slot: Slot) throws(FormatError) {
    let start = slot.extent.guestOffset
    for (position, run) in slot.runs.enumerated() {
      let host = try allocator.allocateClusters(start + UInt64(run.lowerBound)..<start + UInt64(run.upperBound))
      if position == 0 { slot.destination = host }
    }
  }

  private func placePart(_ slot: Slot) throws(FormatError) {
    if slot.runs.isEmpty {
      // Zeros, but the cluster is allocated for the sake of an earlier part: then they are stored, too.
      guard allocator.hostOffset(ofClusterAt: slot.extent.guestOffset) != nil else { return }
      slot.runs = [0..<slot.bytes.count]
    }
    (slot.destination, slot.zeroFill) = try allocator.allocatePart(at: slot.extent.guestOffset)
  }

  private func placeZeros(_ slot: Slot) throws(FormatError) {
    let extent = slot.extent
    let nextCluster = grid.roundedUpToClusters(extent.guestOffset)
    if extent.guestOffset < nextCluster, let host = allocator.hostOffset(ofClusterAt: extent.guestOffset) {
      // The rest of a cluster that is allocated for the sake of an earlier part.
      let start = host + extent.guestOffset % grid.clusterByteCount
      slot.zeroFill = start..<start + (min(nextCluster, extent.guestEnd) - extent.guestOffset)
    }
    guard storesZeros, nextCluster < extent.guestEnd else { return }
    // With every cluster stored, the file lies in disk order, so all zeros of the extent are one range of it.
    let host = try allocator.allocateClusters(nextCluster..<grid.roundedUpToClusters(extent.guestEnd))
    let start = slot.zeroFill.isEmpty ? host : slot.zeroFill.lowerBound
    slot.zeroFill = start..<host + (extent.guestEnd - nextCluster)
  }

  func store(_ slot: Slot) throws(ConversionError) {
    try converting { () throws(FileError) in try fill(slot.zeroFill) }
    let byteCount = slot.runs.reduce(0) { $0 + $1.count }
    guard byteCount > 0, !slot.extent.isZero else { return }
    let bytes = UnsafeRawBufferPointer(rebasing: slot.buffer[..<byteCount])
    try converting { () throws(FileError) in try file.write(bytes, at: slot.destination) }
    control.countWritten(UInt64(byteCount))
  }

  private func fill(_ range: Range<UInt64>) throws(FileError) {
    try ZeroBlock.forEachBlock(of: range.upperBound - range.lowerBound) { (block, done) throws(FileError) in
      guard !control.isEnding else { throw FileError(.write, file.name, code: ECANCELED) }
      try file.write(block, at: range.lowerBound + done)
      control.countWritten(UInt64(block.count))
    }
  }

  private func write(_ bytes: [UInt8], at offset: UInt64) throws(ConversionError) {
    // `withUnsafeBytes` of an array would lose the type of the error; the span keeps it.
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(ConversionError) in
      try converting { () throws(FileError) in try file.write(raw, at: offset) }
    }
    control.countWritten(UInt64(bytes.count))
  }
}

extension ImageFileSink {
  /// Writes table, extension and header for a disk of the size in `geometry`; returns what the image came to.
  func finish(_ geometry: ImageGeometry, extensionStart: [UInt8]? = nil) throws(ConversionError) -> ImageExtent {
    try converting(file.name) { () throws(FormatError) in try allocator.makeRoom(forClusters: geometry.clusterCount) }
    try allocator.clearRoom(before: geometry.firstHostCluster) { (from, to) throws(ConversionError) in
      try moveCluster(from: from, to: to)
    }
    let byteCount = allocator.nextHostCluster * grid.clusterByteCount
    try TableWriter(
      geometry: geometry, extensionStart: extensionStart, hostClusters: allocator.hostClusters
    )
    .write(inUse: .open) { (bytes, offset) throws(ConversionError) in
      try converting { () throws(FileError) in try file.write(bytes, at: offset) }
      control.countWritten(UInt64(bytes.count))
    }
    if file.kind == .regular { try converting { () throws(FileError) in try file.truncate(to: byteCount) } }
    try write(Header(geometry: geometry, inUse: .closed).encoded, at: 0)
    return ImageExtent(byteCount: byteCount, allocatedClusterCount: allocator.hostClusters.allocatedCount)
  }

  private func moveCluster(from: UInt64, to: UInt64) throws(ConversionError) {
    let slot = Slot(byteCount: Int(grid.extentByteCount))
    var done: UInt64 = 0
    while done < grid.clusterByteCount {
      let count = Int(min(grid.extentByteCount, grid.clusterByteCount - done))
      let part = UnsafeMutableRawBufferPointer(rebasing: slot.buffer[..<count])
      let source = from * grid.clusterByteCount + done
      let destination = to * grid.clusterByteCount + done
      try converting { () throws(FileError) in
        guard try file.read(into: part, at: source) == count else {
          throw FileError(.read, file.name, at: source, code: EIO)
        }
        try file.write(UnsafeRawBufferPointer(part), at: destination)
      }
      done += UInt64(count)
    }
  }
}

/// What a finished image came to.
struct ImageExtent: Equatable, Sendable {
  var byteCount: UInt64
  var allocatedClusterCount: Int
}
