/// Splits the BAT's entry values into ascending ranges, each with few enough entries to sort in memory.
///
/// Each split scans the table once and keeps only counts, so memory stays bounded even for a hostile table.
struct EntryRanges: Sendable {
  /// Entries with adjacent values.
  struct Range: Sendable {
    var values: ClosedRange<UInt32>
    /// The number of entries in the range.
    var count: Int
    /// Whether the entries are few enough to sort; if not, they all have the same value and need no sorting.
    var isSortable: Bool
  }

  /// The number of parts in a split: four splits lead to single values.
  private static let partCount: UInt32 = 256

  private let table: BlockAllocationTable
  private let entryCount: Int
  private let limit: Int
  /// Ranges that were not returned yet, lowest last.
  private var rest: [Range]

  /// Splits the entries before `entryCount`, at most `allocatedCount` of which are not 0, into ranges of at most
  /// `limit`.
  init(of table: BlockAllocationTable, entryCount: Int, allocatedCount: Int, limit: Int) {
    self.table = table
    self.entryCount = entryCount
    self.limit = limit
    let all = Range(values: 1...UInt32.max, count: allocatedCount, isSortable: allocatedCount <= limit)
    rest = allocatedCount > 0 ? [all] : []
  }

  /// The next range; nil after the last one.
  mutating func next() -> Range? {
    while let range = rest.popLast() {
      guard !range.isSortable, range.values.count > 1 else { return range }
      rest += parts(of: range.values).reversed()
    }
    return nil
  }

  /// The nonempty parts of a range, merged with their neighbours as long as they stay sortable.
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
