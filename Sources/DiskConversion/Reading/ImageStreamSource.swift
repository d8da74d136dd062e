import ParallelsFormat

/// The disk in a piped Parallels image, one cluster after another in file order.
///
/// If that is disk order, zeros come in their place between the data; otherwise, they come at the end.
final class ImageStreamSource: ExtentSource {
  private struct Turn {
    let stream: ClusterStream
    var order: HostOrder
    /// The next part of a cluster that was not taken completely.
    var openPart: UInt64?
    /// End of the zeros of the disk taken so far.
    var zeroPosition: UInt64 = 0
  }

  private let clusters: ClusterMap
  private let grid: ExtentGrid
  private let turn: InTurn<Turn>

  init(_ stream: ClusterStream, grid: ExtentGrid) {
    clusters = stream.clusters
    self.grid = grid
    let order = HostOrder(of: stream.clusters.table, inspection: stream.clusters.inspection)
    turn = InTurn(Turn(stream: stream, order: order))
  }

  private var clusterByteCount: UInt64 { clusters.header.clusterByteCount }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    if let cluster = turn.state.order.next {
      let start = turn.state.openPart ?? UInt64(cluster) * clusterByteCount
      if clusters.inspection.isInStreamOrder, takeZeros(upTo: start, into: slot) { return true }
      try takeData(at: start, of: cluster, into: slot)
      return true
    }
    try turn.state.stream.drain(using: slot.buffer)
    return takeZeros(upTo: clusters.header.virtualByteCount, into: slot)
  }

  private func takeData(at start: UInt64, of cluster: Int, into slot: Slot) throws(ConversionError) {
    guard let clusterHost = clusters.hostOffset(ofCluster: cluster) else { return }
    let host = clusterHost + start % clusterByteCount
    let limit = min(grid.end(after: start), clusters.header.virtualByteCount)
    let clusterEnd = min((UInt64(cluster) + 1) * clusterByteCount, clusters.header.virtualByteCount)
    var end = min(limit, clusterEnd)
    turn.state.openPart = end < clusterEnd ? end : nil
    if turn.state.openPart == nil { turn.state.order.advance() }
    // Combine small clusters that are adjacent both on the disk and in the file.
    while turn.state.openPart == nil, end < limit, let next = turn.state.order.next,
      UInt64(next) * clusterByteCount == end, clusters.hostOffset(ofCluster: next) == host + (end - start)
    {
      end = min(limit, end + clusterByteCount)
      turn.state.order.advance()
    }
    slot.extent = DiskExtent(start..<end, .data)
    try turn.state.stream.read(into: slot.bytes, at: host, guestOffset: start)
    if clusters.inspection.isInStreamOrder { turn.state.zeroPosition = end }
  }

  /// Takes the next run of unallocated clusters before `limit`; false after the last one.
  private func takeZeros(upTo limit: UInt64, into slot: Slot) -> Bool {
    while turn.state.zeroPosition < limit {
      let start = turn.state.zeroPosition
      let end = min(limit, clusters.zeroEnd(from: start))
      if end > start {
        slot.extent = DiskExtent(start..<end, .zeros)
        turn.state.zeroPosition = end
        return true
      }
      turn.state.zeroPosition += clusterByteCount
    }
    return false
  }
}
