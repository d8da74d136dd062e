import ParallelsFormat

/// Only finds the clusters that hold data, in the first pass over a file whose image goes to a pipe.
final class TableSink: ExtentSink {
  private let allocator: InTurn<ClusterAllocator>
  /// For each thread, the ranges of its slot in clusters with data.
  private let runs: PerThread<[Range<Int>]>
  private let grid: ExtentGrid
  private let outputName: String

  init(geometry: ImageGeometry, grid: ExtentGrid, threadCount: Int, outputName: String) {
    self.outputName = outputName
    self.grid = grid
    allocator = InTurn(ClusterAllocator(geometry))
    runs = PerThread(count: threadCount, repeating: [])
  }

  /// The BAT of the image, once the whole disk was read.
  var table: BlockAllocationTable { allocator.state.table }

  func prepare(_ slot: Slot) { runs[slot] = grid.occupiedRuns(of: slot, storing: .data) }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    for run in runs[slot] { try converting(outputName, allocate(run, of: slot.extent)) }
    return .next
  }

  private func allocate(_ run: Range<Int>, of extent: DiskExtent) throws(FormatError) {
    let start = extent.guestOffset
    if grid.splitsClusters {
      _ = try allocator.state.allocatePart(at: start)
    } else {
      _ = try allocator.state.allocateClusters(start + UInt64(run.lowerBound)..<start + UInt64(run.upperBound))
    }
  }
}
