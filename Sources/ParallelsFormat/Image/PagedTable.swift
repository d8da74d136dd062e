/// A long array of mostly zero numbers, which takes memory only for the others.
package struct PagedTable: Sendable {
  private(set) var count: Int
  private var pages: [TablePage]

  /// Creates an array of `count` zeros.
  package init(count: Int) {
    self.count = count
    pages = Array(repeating: .zeros, count: Self.pages(for: count))
  }

  /// The number at `index`, which must be in bounds.
  package subscript(index: Int) -> UInt32 {
    get {
      precondition(index >= 0 && index < count)
      return pages[index / TablePage.count][index % TablePage.count]
    }
    set {
      precondition(index >= 0 && index < count)
      pages[index / TablePage.count][index % TablePage.count] = newValue
    }
  }

  /// Extends the array to `newCount` numbers, which must not be fewer than now; the new ones are 0.
  mutating func grow(to newCount: Int) {
    precondition(newCount >= count)
    pages.append(contentsOf: Array(repeating: .zeros, count: Self.pages(for: newCount) - pages.count))
    count = newCount
  }

  /// The first index at or after `index` and before `end` whose number is not 0, or nil.
  ///
  /// Looks at nothing at or after `end`.
  func firstNonZero(from index: Int, before end: Int) -> Int? {
    let end = min(end, count)
    var index = index
    while index < end {
      let start = index / TablePage.count * TablePage.count
      let pageEnd = min(start + TablePage.count, end)
      if let place = pages[index / TablePage.count].firstNonZero(from: index - start, before: pageEnd - start) {
        return start + place
      }
      index = pageEnd
    }
    return nil
  }

  /// Calls `body` with each index before `end` whose number is not 0, and with the number.
  func forEachNonZero<Failure: Error>(before end: Int, _ body: (Int, UInt32) throws(Failure) -> Void) throws(Failure) {
    for (number, page) in pages.enumerated() {
      let start = number * TablePage.count
      guard start < end else { return }
      try page.forEachNonZero(before: min(TablePage.count, end - start)) { (place, value) throws(Failure) in
        try body(start + place, value)
      }
    }
  }

  private static func pages(for count: Int) -> Int { (count + TablePage.count - 1) / TablePage.count }
}
