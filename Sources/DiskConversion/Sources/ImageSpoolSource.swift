import ParallelsFormat
import StreamIO

/// The disk in a Parallels image that comes by a pipe, in disk order though the clusters lie otherwise in the file.
///
/// Clusters that come before their turn wait in a spool; the others go through.
final class ImageSpoolSource: ExtentSource, @unchecked Sendable {  // SAFETY: all that changes: only in turn, by `take`.
  private let image: ParallelsImage
  private let grid: ExtentGrid
  private let spool: OpenFile
  private let control: ConversionControl
  private var clusters: ClusterStream
  private var order: FileOrder
  /// Where in the spool a cluster of the disk waits, in clusters, plus one; 0 when it does not.
  private var places: BlockAllocationTable
  private var spooledCount: UInt32 = 0
  private var position: UInt64 = 0
  private var isDrained = false

  init(_ clusters: ClusterStream, image: ParallelsImage, grid: ExtentGrid, spool: OpenFile, control: ConversionControl)
  {
    self.clusters = clusters
    self.image = image
    self.grid = grid
    self.spool = spool
    self.control = control
    order = FileOrder(of: image)
    places = BlockAllocationTable(count: image.inspection.entryCount)
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard position < image.header.virtualByteCount else {
      if !isDrained { try clusters.drain(using: slot.buffer) }
      isDrained = true
      return false
    }
    let cluster = Int(clamping: position / grid.clusterByteCount)
    if image.hostOffset(ofCluster: cluster) == nil {
      slot.extent = Extent(guestOffset: position, byteCount: image.zeroEnd(from: position) - position, isZero: true)
    } else {
      try takeData(of: cluster, into: slot)
    }
    position = slot.extent.guestEnd
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero, slot.isSpooled else { return }
    let count = try converting { () throws(IOError) in try spool.read(into: slot.bytes, at: slot.sourceOffset) }
    clear(slot.bytes[count...])
  }

  private func takeData(of cluster: Int, into slot: Slot) throws(ConversionError) {
    let end = min(
      grid.end(after: position), (UInt64(cluster) + 1) * grid.clusterByteCount, image.header.virtualByteCount)
    slot.extent = Extent(guestOffset: position, byteCount: end - position, isZero: false)
    let offsetInCluster = position % grid.clusterByteCount
    if places[cluster] == 0, offsetInCluster == 0 { try spoolClusters(before: cluster, using: slot.buffer) }
    slot.isSpooled = places[cluster] != 0
    if slot.isSpooled {
      slot.sourceOffset = UInt64(places[cluster] - 1) * grid.clusterByteCount + offsetInCluster
    } else {
      slot.extent.isZero = try !read(cluster, offsetInCluster: offsetInCluster, into: slot.bytes)
    }
  }

  /// Puts aside what lies in the file before the cluster that is wanted now.
  private func spoolClusters(before cluster: Int, using buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) {
    while let early = order.next {
      order.advance()
      guard early != cluster else { return }
      let byteCount = image.inspection.guestByteCount(ofCluster: early)
      var done: UInt64 = 0
      while done < byteCount {
        let part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(UInt64(buffer.count), byteCount - done))])
        _ = try read(early, offsetInCluster: done, into: part)
        let place = UInt64(spooledCount) * grid.clusterByteCount + done
        try converting { () throws(IOError) in try spool.write(UnsafeRawBufferPointer(part), at: place) }
        done += UInt64(part.count)
      }
      spooledCount += 1
      places[early] = spooledCount
    }
  }

  private func read(
    _ cluster: Int, offsetInCluster: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ConversionError) -> Bool {
    guard let host = image.hostOffset(ofCluster: cluster) else { return false }
    return try clusters.read(
      into: buffer, at: host + offsetInCluster, cluster: cluster, offsetInCluster: offsetInCluster)
  }
}
