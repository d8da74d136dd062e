import ParallelsFormat
import StreamIO

/// The disk in a Parallels image that comes by a pipe, cluster by cluster as they lie in the file.
///
/// When that is disk order, zeros come in their place between the data; when it is not, they come at the end.
// SAFETY: all that changes: only in turn, by `take`.
final class ImageStreamSource: ExtentSource, @unchecked Sendable {
  private let image: ParallelsImage
  private let grid: ExtentGrid
  private var clusters: ClusterStream
  private var order: HostOrder
  /// The part of a cluster that is to come next, when the one before it was not the last.
  private var openPart: UInt64?
  /// Up to where the zeros of the disk were handed out.
  private var zeroPosition: UInt64 = 0
  private var isDrained = false

  init(_ clusters: ClusterStream, image: ParallelsImage, grid: ExtentGrid) {
    self.clusters = clusters
    self.image = image
    self.grid = grid
    order = HostOrder(of: image.table, inspection: image.inspection)
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    if let cluster = order.next {
      let start = openPart ?? UInt64(cluster) * grid.clusterByteCount
      if image.inspection.isInStreamOrder, takeZeros(upTo: start, into: slot) { return true }
      try takeData(at: start, of: cluster, into: slot)
      return true
    }
    if !isDrained {
      try clusters.drain(using: slot.buffer)
      isDrained = true
    }
    return takeZeros(upTo: image.header.virtualByteCount, into: slot)
  }

  private func takeData(at start: UInt64, of cluster: Int, into slot: Slot) throws(ConversionError) {
    guard let clusterHost = image.hostOffset(ofCluster: cluster) else { return }
    let host = clusterHost + start % grid.clusterByteCount
    let limit = min(grid.end(after: start), image.header.virtualByteCount)
    let clusterEnd = min((UInt64(cluster) + 1) * grid.clusterByteCount, image.header.virtualByteCount)
    var end = min(limit, clusterEnd)
    openPart = end < clusterEnd ? end : nil
    if openPart == nil { order.advance() }
    // Small clusters that follow each other on the disk and in the file come at once.
    while openPart == nil, end < limit, let next = order.next, UInt64(next) * grid.clusterByteCount == end,
      image.hostOffset(ofCluster: next) == host + (end - start)
    {
      end = min(limit, end + grid.clusterByteCount)
      order.advance()
    }
    slot.extent = Extent(guestOffset: start, byteCount: end - start, isZero: false)
    try clusters.read(
      into: slot.bytes, at: host, cluster: cluster, offsetInCluster: start % grid.clusterByteCount)
    if image.inspection.isInStreamOrder { zeroPosition = end }
  }

  /// Hands out the next run of unallocated clusters before `limit`; false when there is none.
  private func takeZeros(upTo limit: UInt64, into slot: Slot) -> Bool {
    while zeroPosition < limit {
      let end = min(limit, image.zeroEnd(from: zeroPosition))
      if end > zeroPosition {
        slot.extent = Extent(guestOffset: zeroPosition, byteCount: end - zeroPosition, isZero: true)
        zeroPosition = end
        return true
      }
      zeroPosition += grid.clusterByteCount
    }
    return false
  }
}
