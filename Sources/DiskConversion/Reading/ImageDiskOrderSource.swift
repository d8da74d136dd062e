import ParallelsFormat

/// The disk in a piped Parallels image, in disk order.
///
/// Clusters in disk order pass straight through. Those that come before their turn wait in a spool.
final class ImageDiskOrderSource: ExtentSource {
  private struct Turn {
    let stream: ClusterStream
    /// Nil if no cluster comes before its turn.
    var spool: ClusterSpool?
    var order: HostOrder
    var position: UInt64 = 0
  }

  private let clusters: ClusterMap
  private let end: UInt64
  private let grid: ExtentGrid
  private let turn: InTurn<Turn>

  /// The extents of the disk, followed by zeros up to `end`.
  init(_ stream: ClusterStream, upTo end: UInt64, grid: ExtentGrid, spool: ClusterSpool?) {
    self.end = end
    clusters = stream.clusters
    self.grid = grid
    let order = HostOrder(of: stream.clusters.table, inspection: stream.clusters.inspection)
    turn = InTurn(Turn(stream: stream, spool: spool, order: order))
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    slot.pieces = []
    guard turn.state.position < end else {
      try turn.state.stream.drain(using: slot.buffer)
      return false
    }
    slot.extent = extent(at: turn.state.position)
    turn.state.position = slot.extent.guestEnd
    guard !slot.extent.isZero else { return true }
    var position = slot.extent.guestOffset
    let dataEnd = min(slot.extent.guestEnd, clusters.header.virtualByteCount)
    slot.bytes.part(Int(dataEnd - position)...).clear()
    while position < dataEnd {
      let extent = try extent(at: position, upTo: dataEnd)
      try bring(extent, into: slot)
      position = extent.guestEnd
    }
    return true
  }

  /// The extent that begins at `start`: a run of unallocated clusters, or data that fits a slot.
  ///
  /// Extents depend only on which clusters are allocated, not on their positions, so a file and a pipe give the same
  /// extents for the same disk.
  private func extent(at start: UInt64) -> DiskExtent {
    let extentEnd = min(grid.end(after: start), end)
    let diskEnd = clusters.header.virtualByteCount
    let zeroEnd = start < diskEnd ? clusters.zeroEnd(from: start) : diskEnd
    guard zeroEnd < diskEnd else { return DiskExtent(start..<end, .zeros) }
    guard zeroEnd >= extentEnd else { return DiskExtent(start..<extentEnd, .data) }
    return DiskExtent(start..<grid.start(at: zeroEnd), .zeros)
  }

  /// The run of the stream that begins at `offset`, or a single cluster if clusters may wait in the spool.
  private func extent(at offset: UInt64, upTo end: UInt64) throws(ConversionError) -> DiskExtent {
    guard turn.state.spool == nil else { return clusters.extent(at: offset, upTo: end) }
    var extents = clusters.extents(in: offset..<end)
    return try extents.next() ?? DiskExtent(offset..<end, .zeros)
  }

  /// Reads a run from the stream, or finds its position in the spool.
  private func bring(_ extent: DiskExtent, into slot: Slot) throws(ConversionError) {
    let start = Int(extent.guestOffset - slot.extent.guestOffset)
    let bytes = slot.bytes.part(start..<start + Int(extent.byteCount))
    guard let host = extent.hostOffset else { return bytes.clear() }
    let size = clusters.header.clusterByteCount
    let cluster = Int(extent.guestOffset / size)
    if extent.guestOffset % size == 0 { try spoolClusters(before: cluster) }
    guard let spool = turn.state.spool else {
      try turn.state.stream.read(into: bytes, at: host, guestOffset: extent.guestOffset)
      return
    }
    switch spool.place(of: cluster, clusterByteCount: size) {
    case .inStream: try turn.state.stream.read(into: bytes, at: host, guestOffset: extent.guestOffset)
    case .missing: bytes.clear()
    case .spooled(let offset):
      var piece = extent
      (piece.hostOffset, piece.file) = (offset + extent.guestOffset % size, spool.file)
      slot.pieces.append(piece)
    }
  }

  /// Stores the clusters that precede the requested one in the file.
  private func spoolClusters(before cluster: Int) throws(ConversionError) {
    let size = clusters.header.clusterByteCount
    guard case .inStream = turn.state.spool?.place(of: cluster, clusterByteCount: size) else { return }
    let stream = turn.state.stream
    while let early = turn.state.order.next {
      turn.state.order.advance()
      guard early != cluster, let host = clusters.hostOffset(ofCluster: early) else { return }
      try turn.state.spool?.put(early, from: stream, at: host)
    }
  }

  func load(_ slot: Slot) throws(ConversionError) {
    for piece in slot.pieces { try piece.read(into: slot.bytes, of: slot.extent.guestOffset) }
  }
}
