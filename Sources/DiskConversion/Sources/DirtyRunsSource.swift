import ParallelsFormat
import StreamIO

/// Those parts of a disk that a dirty bitmap marks, from an image in a file, in disk order.
final class DirtyRunsSource: ExtentSource, @unchecked Sendable {  // SAFETY: `runs`, `run`: only in turn, by `take`.
  private let segments: ImageSegments
  private let grid: ExtentGrid
  private var runs: DirtyRuns
  /// What is left of the run that was found last.
  private var run: Range<UInt64> = 0..<0

  init(_ segments: ImageSegments, runs: DirtyRuns, grid: ExtentGrid) {
    self.segments = segments
    self.runs = runs
    self.grid = grid
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    if run.isEmpty {
      guard let next = try runs.next() else { return false }
      run = next
    }
    let start = run.lowerBound
    let zeroEnd = min(segments.image.zeroEnd(from: start), run.upperBound)
    let end = zeroEnd > start ? zeroEnd : min(grid.end(after: start), run.upperBound)
    slot.extent = Extent(guestOffset: start, byteCount: end - start, isZero: zeroEnd > start)
    run = end..<run.upperBound
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) { try segments.load(slot) }
}
