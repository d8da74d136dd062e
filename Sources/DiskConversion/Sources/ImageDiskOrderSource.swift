import ParallelsFormat
import StreamIO

/// The disk in a Parallels image that comes by a pipe, in disk order.
///
/// Where the clusters lie in the file in disk order, they go through. Clusters that come before their turn wait in a
/// spool.
// SAFETY: all that changes: only in turn, by `take`; `load` reads the spool's file, which does not change.
final class ImageDiskOrderSource: ExtentSource, @unchecked Sendable {
  /// The place of a cluster that the file ended before, so that there is nothing to wait.
  private static let absent = UInt32.max

  private let image: ParallelsImage
  private let grid: ExtentGrid
  private let spool: Spool?
  /// Where in the spool a cluster of the disk waits, in clusters, plus one; 0 when it does not.
  private var places: BlockAllocationTable
  private var spooledCount: UInt32 = 0
  private var clusters: ClusterStream
  private var order: HostOrder
  private var position: UInt64 = 0
  private var isDrained = false

  /// The clusters that came before their turn.
  private struct Spool {
    let file: OpenFile
    /// For bytes on their way into the file.
    let buffer: Slot
  }

  /// `spool` is nil where no cluster comes before its turn.
  init(
    _ clusters: ClusterStream, image: ParallelsImage, grid: ExtentGrid, spool: OpenFile?
  ) {
    self.clusters = clusters
    self.image = image
    self.grid = grid
    self.spool = spool.map { Spool(file: $0, buffer: Slot(byteCount: Int(grid.extentByteCount))) }
    places = BlockAllocationTable(count: image.inspection.entryCount)
    order = HostOrder(of: image.table, inspection: image.inspection)
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard position < image.header.virtualByteCount else {
      if !isDrained { try clusters.drain(using: slot.buffer) }
      isDrained = true
      return false
    }
    slot.extent = image.extent(at: position, grid: grid)
    position = slot.extent.guestEnd
    guard !slot.extent.isZero else { return true }
    slot.segments = image.segments(of: slot.extent.guestOffset..<slot.extent.guestEnd)
    if spool == nil { slot.segments = slot.segments.joined() }
    slot.segments.clearGaps(in: slot.bytes)
    for index in slot.segments.indices { try bring(&slot.segments[index], of: slot) }
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard !slot.extent.isZero, let spool else { return }
    for segment in slot.segments where segment.isSpooled {
      let buffer = UnsafeMutableRawBufferPointer(rebasing: slot.bytes[segment.place])
      let count = try converting { () throws(FileError) in
        try spool.file.read(into: buffer, at: segment.sourceOffset)
      }
      guard count == buffer.count else {
        throw ConversionError(spool.file.name, .endedEarly(byteCount: segment.sourceOffset + UInt64(count)))
      }
    }
  }

  /// Reads a segment, or finds out where in the spool it waits.
  private func bring(_ segment: inout Segment, of slot: Slot) throws(ConversionError) {
    let offsetInCluster = (slot.extent.guestOffset + UInt64(segment.place.lowerBound)) % image.header.clusterByteCount
    if offsetInCluster == 0 { try spoolClusters(before: segment.cluster) }
    let place = places[segment.cluster]
    if place == Self.absent {
      clear(slot.bytes[segment.place])
    } else if place != 0 {
      segment.sourceOffset = UInt64(place - 1) * image.header.clusterByteCount + offsetInCluster
      segment.isSpooled = true
    } else {
      let buffer = UnsafeMutableRawBufferPointer(rebasing: slot.bytes[segment.place])
      try clusters.read(
        into: buffer, at: segment.sourceOffset, cluster: segment.cluster, offsetInCluster: offsetInCluster)
    }
  }

  /// Puts aside what lies in the file before the cluster that is wanted now.
  private func spoolClusters(before cluster: Int) throws(ConversionError) {
    guard spool != nil, places[cluster] == 0 else { return }
    while let early = order.next {
      order.advance()
      guard early != cluster else { return }
      try spoolCluster(early)
    }
  }

  private func spoolCluster(_ cluster: Int) throws(ConversionError) {
    guard let spool, let host = image.hostOffset(ofCluster: cluster) else { return }
    let byteCount = image.inspection.guestByteCount(ofCluster: cluster)
    let place = UInt64(spooledCount) * image.header.clusterByteCount
    var done: UInt64 = 0
    while done < byteCount {
      let count = Int(min(grid.extentByteCount, byteCount - done))
      let part = UnsafeMutableRawBufferPointer(rebasing: spool.buffer.buffer[..<count])
      let present = try clusters.read(into: part, at: host + done, cluster: cluster, offsetInCluster: done)
      guard present > 0 || done > 0 else {
        places[cluster] = Self.absent
        return
      }
      try converting { () throws(FileError) in
        try spool.file.write(UnsafeRawBufferPointer(part), at: place + done)
      }
      done += UInt64(count)
    }
    spooledCount += 1
    places[cluster] = spooledCount
  }
}
