import ParallelsFormat
import StreamIO

/// Only finds out which clusters hold data: the first look at a file, before its image goes to a pipe.
final class TableSink: ExtentSink, @unchecked Sendable {  // SAFETY: `allocator`: only in turn, by `place`.
  private(set) var allocator: ClusterAllocator
  private let grid: ExtentGrid
  private let outputName: String

  init(geometry: ImageGeometry, grid: ExtentGrid, outputName: String) {
    self.outputName = outputName
    self.grid = grid
    allocator = ClusterAllocator(
      clusterByteCount: grid.clusterByteCount, clusterCount: geometry.clusterCount,
      firstHostCluster: geometry.firstHostCluster)
  }

  func prepare(_ slot: Slot) {
    slot.runs = occupiedRuns(of: slot, grid: grid, storesZeros: false)
  }

  func place(_ slot: Slot) throws(ConversionError) {
    let start = slot.extent.guestOffset
    for run in slot.runs {
      try converting(outputName) { () throws(FormatError) in
        if grid.splitsClusters {
          _ = try allocator.allocatePart(at: start)
        } else {
          _ = try allocator.allocateClusters(start + UInt64(run.lowerBound)..<start + UInt64(run.upperBound))
        }
      }
    }
  }
}

/// The runs of an extent's bytes that belong to clusters which hold data, or to any with `storesZeros`.
func occupiedRuns(of slot: Slot, grid: ExtentGrid, storesZeros: Bool) -> [Range<Int>] {
  guard !slot.extent.isZero else { return [] }
  if storesZeros { return [0..<slot.bytes.count] }
  let block = grid.splitsClusters ? slot.bytes.count : Int(grid.clusterByteCount)
  return dataRuns(in: UnsafeRawBufferPointer(slot.bytes), blockByteCount: block)
}
