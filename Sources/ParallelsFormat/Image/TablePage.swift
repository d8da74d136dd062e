/// A page of a `PagedTable`: takes memory in proportion to its nonzero numbers.
enum TablePage {
  case zeros
  /// The nonzero numbers in the low halves, their places in the high halves, in ascending order.
  case sparse([UInt64])
  case dense([UInt32])

  /// Numbers per page.
  static let count = 1024
  /// Above this, a sparse page would take more than half the memory of a dense one.
  private static let sparseLimit = 256

  subscript(place: Int) -> UInt32 {
    get {
      switch self {
      case .zeros: return 0
      case .dense(let numbers): return numbers[place]
      case .sparse(let items):
        let position = Self.position(of: place, in: items)
        return position < items.count && Self.place(items[position]) == place
          ? UInt32(truncatingIfNeeded: items[position]) : 0
      }
    }
    set {
      // Emptying the page first keeps its array from being copied.
      let page = self
      self = .zeros
      self = page.setting(place, to: newValue)
    }
  }

  /// The first place at or after `place` and before `end` whose number is not 0, or nil.
  func firstNonZero(from place: Int, before end: Int) -> Int? {
    switch self {
    case .zeros: return nil
    case .dense(let numbers): return (place..<end).first { numbers[$0] != 0 }
    case .sparse(let items):
      let position = Self.position(of: place, in: items)
      guard position < items.count, Self.place(items[position]) < end else { return nil }
      return Self.place(items[position])
    }
  }

  /// Calls `body` with each place before `end` whose number is not 0, and with the number.
  func forEachNonZero<Failure: Error>(before end: Int, _ body: (Int, UInt32) throws(Failure) -> Void) throws(Failure) {
    switch self {
    case .zeros: break
    case .dense(let numbers): for place in 0..<end where numbers[place] != 0 { try body(place, numbers[place]) }
    case .sparse(let items):
      for item in items {
        guard Self.place(item) < end else { return }
        try body(Self.place(item), UInt32(truncatingIfNeeded: item))
      }
    }
  }

  private consuming func setting(_ place: Int, to number: UInt32) -> TablePage {
    switch consume self {
    case .zeros: return number == 0 ? .zeros : .sparse([Self.item(place, number)])
    case .dense(var numbers):
      numbers[place] = number
      return .dense(numbers)
    case .sparse(var items):
      let position = Self.position(of: place, in: items)
      let isPresent = position < items.count && Self.place(items[position]) == place
      switch (isPresent, number == 0) {
      case (true, false): items[position] = Self.item(place, number)
      case (true, true): items.remove(at: position)
      case (false, false): items.insert(Self.item(place, number), at: position)
      case (false, true): break
      }
      guard items.count > Self.sparseLimit else { return .sparse(items) }
      var numbers = [UInt32](repeating: 0, count: Self.count)
      for item in items { numbers[Self.place(item)] = UInt32(truncatingIfNeeded: item) }
      return .dense(numbers)
    }
  }

  private static func item(_ place: Int, _ number: UInt32) -> UInt64 { UInt64(place) << 32 | UInt64(number) }

  private static func place(_ item: UInt64) -> Int { Int(item >> 32) }

  /// The position of the first item whose place is `place` or after it; numbers mostly come in ascending order.
  private static func position(of place: Int, in items: [UInt64]) -> Int {
    guard let last = items.last, self.place(last) >= place else { return items.count }
    var (low, high) = (0, items.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if self.place(items[middle]) < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
