import ParallelsFormat
import StreamIO

/// Which clusters of the disk a new image stores.
enum StoredClusters {
  /// Those that hold anything but zeros.
  case data
  /// Those whose entries in the table are not 0, whatever they hold.
  case marked(BlockAllocationTable)
  case all

  /// The clusters of a new image that hold any part of the data in `extents`.
  static func holding(_ extents: DiskExtents, of geometry: ImageGeometry) throws(ConversionError) -> StoredClusters {
    var table = BlockAllocationTable(count: Int(clamping: geometry.clusterCount))
    var extents = extents
    while let extent = try extents.next() {
      guard extent.contents == .data else { continue }
      let end = extent.guestEnd.dividedRoundingUp(by: geometry.clusterByteCount)
      for cluster in extent.guestOffset / geometry.clusterByteCount..<end { table[Int(cluster)] = 1 }
    }
    return .marked(table)
  }
}

extension ExtentGrid {
  /// The ranges of an extent's bytes in clusters that are stored.
  func occupiedRuns(of slot: Slot, storing stored: StoredClusters) -> [Range<Int>] {
    guard !slot.extent.isZero else { return [] }
    switch stored {
    case .all: return [0..<slot.bytes.count]
    case .data:
      let block = splitsClusters ? slot.bytes.count : Int(clusterByteCount)
      return dataRuns(in: UnsafeRawBufferPointer(slot.bytes), blockByteCount: block)
    case .marked(let table):
      return markedRanges(of: slot.extent, in: table).map {
        Int($0.lowerBound - slot.extent.guestOffset)..<Int($0.upperBound - slot.extent.guestOffset)
      }
    }
  }

  /// The parts of an extent in clusters that are marked in `table`, joined where they are adjacent.
  func markedRanges(of extent: DiskExtent, in table: BlockAllocationTable) -> [Range<UInt64>] {
    var ranges: [Range<UInt64>] = []
    let end = Int(clamping: extent.guestEnd.dividedRoundingUp(by: clusterByteCount))
    var next = table.firstAllocated(from: Int(clamping: extent.guestOffset / clusterByteCount), before: end)
    while let first = next {
      var last = first
      while last + 1 < end, table[last + 1] != 0 { last += 1 }
      let run = UInt64(first) * clusterByteCount..<UInt64(last + 1) * clusterByteCount
      ranges.append(run.clamped(to: extent.guestRange))
      next = table.firstAllocated(from: last + 1, before: end)
    }
    return ranges
  }
}
