/// Cuts the values that the entries of a BAT have into ranges, in ascending order, each of so few entries that these can
/// be sorted in memory.
///
/// Each cut goes over the table once and keeps only counts, so however large a hostile table is, memory is not.
struct EntryRanges: Sendable {
  /// Entries with neighbouring values.
  struct Range: Sendable {
    var values: ClosedRange<UInt32>
    /// How many entries have them.
    var count: Int
    /// Whether they are few; else they all have one value, and need no sorting.
    var isSortable: Bool
  }

  /// Into how many parts a range is cut at once: four cuts lead to single values.
  private static let partCount: UInt32 = 256

  private let table: BlockAllocationTable
  private let entryCount: Int
  private let limit: Int
  /// Ranges that have not been handed out, the lowest last.
  private var rest: [Range]

  /// The entries before `entryCount`, of which `allocatedCount` at most are not 0, in ranges of no more than `limit`.
  init(of table: BlockAllocationTable, entryCount: Int, allocatedCount: Int, limit: Int) {
    self.table = table
    self.entryCount = entryCount
    self.limit = limit
    let all = Range(values: 1...UInt32.max, count: allocatedCount, isSortable: allocatedCount <= limit)
    rest = allocatedCount > 0 ? [all] : []
  }

  /// The next range; nil after the last.
  mutating func next() -> Range? {
    while let range = rest.popLast() {
      guard !range.isSortable, range.values.count > 1 else { return range }
      rest += parts(of: range.values).reversed()
    }
    return nil
  }

  /// The parts of a range that have entries, joined with their neighbours as long as they stay sortable.
  private func parts(of values: ClosedRange<UInt32>) -> [Range] {
    let first = values.lowerBound
    let width = (values.upperBound - first) / Self.partCount + 1
    var counts = [Int](repeating: 0, count: Int(Self.partCount))
    table.forEachAllocated(before: entryCount) { _, entry in
      if values.contains(entry) { counts[Int((entry - first) / width)] += 1 }
    }
    return counts.enumerated().reduce(into: []) { parts, next in
      guard next.element > 0 else { return }
      let start = first + UInt32(next.offset) * width
      let part = start...min(values.upperBound, start + min(width - 1, UInt32.max - start))
      guard let last = parts.last, last.count + next.element <= limit else {
        parts.append(Range(values: part, count: next.element, isSortable: next.element <= limit))
        return
      }
      parts[parts.count - 1].values = last.values.lowerBound...part.upperBound
      parts[parts.count - 1].count += next.element
    }
  }
}
