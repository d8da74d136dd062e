/// The BAT: where each cluster of the disk lies in the file, or 0 if it is not allocated.
///
/// The table of an empty disk of any size takes almost no memory; a full one takes 4 bytes per cluster.
public struct BlockAllocationTable: Sendable {
  /// Size of an entry in the file, in bytes.
  public static let entryByteCount = 4

  /// The number of entries that are not 0.
  public private(set) var allocatedCount = 0
  private var entries: PagedTable

  /// Creates a table of `count` entries, none of them allocated.
  public init(count: Int) { entries = PagedTable(count: count) }

  /// The number of entries.
  public var count: Int { entries.count }

  /// The entry of cluster `index`, in the layout's unit.
  public subscript(index: Int) -> UInt32 {
    get { entries[index] }
    set {
      allocatedCount += (newValue == 0 ? 0 : 1) - (entries[index] == 0 ? 0 : 1)
      entries[index] = newValue
    }
  }

  /// Sets all entries from `index` on to 0.
  package mutating func deallocate(from index: Int) {
    var next = firstAllocated(from: index)
    while let current = next {
      self[current] = 0
      next = firstAllocated(from: current + 1)
    }
  }

  /// Extends the table to `newCount` entries, which must not be fewer than now; the new ones are 0.
  package mutating func grow(to newCount: Int) { entries.grow(to: newCount) }

  /// The first allocated cluster at or after `index`, or nil.
  public func firstAllocated(from index: Int) -> Int? { firstAllocated(from: index, before: count) }

  /// The first allocated cluster at or after `index` and before `end`, or nil.
  ///
  /// Takes time in proportion to the distance to `end`, however large the table is.
  package func firstAllocated(from index: Int, before end: Int) -> Int? {
    entries.firstNonZero(from: index, before: end)
  }

  /// Calls `body` with each allocated cluster before `end` and its entry, in disk order.
  ///
  /// - Throws: Any error that `body` throws.
  public func forEachAllocated<Failure: Error>(
    before end: Int, _ body: (Int, UInt32) throws(Failure) -> Void
  ) throws(Failure) {
    try entries.forEachNonZero(before: end, body)
  }
}

extension BlockAllocationTable {
  /// Sets the entries from `firstIndex` on from `bytes`, encoded as in the file; zeros in `bytes` change nothing.
  public mutating func decode(_ bytes: RawSpan, at firstIndex: Int) {
    for position in 0..<bytes.byteCount / Self.entryByteCount {
      let entry = bytes.littleEndian(UInt32.self, at: position * Self.entryByteCount)
      if entry != 0 { self[firstIndex + position] = entry }
    }
  }

  /// Encodes the entries from `firstIndex` on into `buffer`, as in the file; returns the number of bytes written.
  public func encode(from firstIndex: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let entryCount = min(count - firstIndex, buffer.count / Self.entryByteCount)
    for position in 0..<entryCount {
      buffer.store(littleEndian: self[firstIndex + position], at: position * Self.entryByteCount)
    }
    return entryCount * Self.entryByteCount
  }
}
