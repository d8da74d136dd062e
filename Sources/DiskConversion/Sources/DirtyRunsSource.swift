import ParallelsFormat
import StreamIO

/// Those parts of a disk that a dirty bitmap marks, from an image in a file, in disk order.
final class DirtyRunsSource: ExtentSource, @unchecked Sendable {  // SAFETY: `runs`, `run`: only in turn, by `take`.
  private let segments: ImageSegments
  private let grid: ExtentGrid
  private var runs: DirtyRuns
  /// What is left of the run that was found last.
  private var run: Range<UInt64> = 0..<0
  /// Where the zeros end that `run` began in, or those before it: a table is gone over once, however many runs there are.
  private var zeroEnd: UInt64 = 0

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
    if zeroEnd <= start { zeroEnd = segments.image.zeroEnd(from: start) }
    let isZero = zeroEnd > start
    let end = min(isZero ? zeroEnd : grid.end(after: start), run.upperBound)
    slot.extent = Extent(guestOffset: start, byteCount: end - start, isZero: isZero)
    run = end..<run.upperBound
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) { try segments.load(slot) }
}
