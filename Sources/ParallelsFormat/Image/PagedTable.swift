/// A long array of mostly zero numbers, in which pages of zeros take no memory.
package struct PagedTable: Sendable {
  /// Numbers per page: 4 KiB, the most memory that a single nonzero number can cost.
  static let pageCount = 1024

  private(set) var count: Int
  /// An empty page stands for a page of zeros.
  private var pages: [[UInt32]]

  /// Creates an array of `count` zeros.
  package init(count: Int) {
    self.count = count
    pages = Array(repeating: [], count: Self.pages(for: count))
  }

  /// The number at `index`, which must be in bounds.
  package subscript(index: Int) -> UInt32 {
    get {
      precondition(index >= 0 && index < count)
      let page = pages[index / Self.pageCount]
      return page.isEmpty ? 0 : page[index % Self.pageCount]
    }
    set {
      precondition(index >= 0 && index < count)
      if pages[index / Self.pageCount].isEmpty {
        guard newValue != 0 else { return }
        pages[index / Self.pageCount] = Array(repeating: 0, count: Self.pageCount)
      }
      pages[index / Self.pageCount][index % Self.pageCount] = newValue
    }
  }

  /// Extends the array to `newCount` numbers, which must not be fewer than now; the new ones are 0.
  mutating func grow(to newCount: Int) {
    precondition(newCount >= count)
    pages.append(contentsOf: Array(repeating: [], count: Self.pages(for: newCount) - pages.count))
    count = newCount
  }

  /// The first index at or after `index` and before `end` whose number is not 0, or nil.
  ///
  /// Looks at nothing at or after `end`.
  func firstNonZero(from index: Int, before end: Int) -> Int? {
    let end = min(end, count)
    var index = index
    while index < end {
      let page = pages[index / Self.pageCount]
      let pageEnd = min((index / Self.pageCount + 1) * Self.pageCount, end)
      guard !page.isEmpty else {
        index = pageEnd
        continue
      }
      while index < pageEnd {
        if page[index % Self.pageCount] != 0 { return index }
        index += 1
      }
    }
    return nil
  }

  /// Calls `body` with each index before `end` whose number is not 0, and with the number.
  func forEachNonZero<Failure: Error>(before end: Int, _ body: (Int, UInt32) throws(Failure) -> Void) throws(Failure) {
    for (number, page) in pages.enumerated() where !page.isEmpty {
      let first = number * Self.pageCount
      guard first < end else { return }
      for place in 0..<min(Self.pageCount, end - first) where page[place] != 0 { try body(first + place, page[place]) }
    }
  }

  private static func pages(for count: Int) -> Int { (count + pageCount - 1) / pageCount }
}
