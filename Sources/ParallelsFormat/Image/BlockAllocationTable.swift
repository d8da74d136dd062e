/// The BAT: where in the file each cluster of the disk lies, 0 where it is not allocated.
///
/// The table of an empty disk of any size costs next to no memory, a full one 4 bytes a cluster.
public struct BlockAllocationTable: Sendable {
  /// Bytes of one entry in the file.
  public static let entryByteCount = 4

  /// Entries that are not 0.
  public private(set) var allocatedCount = 0
  private var entries: PagedTable

  /// A table of `count` entries, none of them allocated.
  public init(count: Int) { entries = PagedTable(count: count) }

  /// Entries in the table.
  public var count: Int { entries.count }

  /// The entry of cluster `index`, in the layout's unit.
  public subscript(index: Int) -> UInt32 {
    get { entries[index] }
    set {
      allocatedCount += (newValue == 0 ? 0 : 1) - (entries[index] == 0 ? 0 : 1)
      entries[index] = newValue
    }
  }

  /// Makes the entries from `index` on 0.
  package mutating func deallocate(from index: Int) {
    var next = firstAllocated(from: index)
    while let current = next {
      self[current] = 0
      next = firstAllocated(from: current + 1)
    }
  }

  /// Makes the table `newCount` entries long, which is not shorter than it is; the new ones are 0.
  package mutating func grow(to newCount: Int) { entries.grow(to: newCount) }

  /// The first allocated cluster at or after `index`, or nil.
  public func firstAllocated(from index: Int) -> Int? { firstAllocated(from: index, before: count) }

  /// The first allocated cluster at or after `index` and before `end`, or nil.
  ///
  /// Takes no longer than `end` is away, however large the table.
  package func firstAllocated(from index: Int, before end: Int) -> Int? {
    entries.firstNonZero(from: index, before: end)
  }

  /// Calls `body` with each allocated cluster before `end`, and its entry, in disk order.
  ///
  /// - Throws: What `body` throws.
  public func forEachAllocated<Failure: Error>(
    before end: Int, _ body: (Int, UInt32) throws(Failure) -> Void
  ) throws(Failure) {
    try entries.forEachNonZero(before: end, body)
  }
}

extension BlockAllocationTable {
  /// Takes the entries that `bytes` hold, in the file's form, as those from `firstIndex` on.
  public mutating func decode(_ bytes: RawSpan, at firstIndex: Int) {
    for position in 0..<bytes.byteCount / Self.entryByteCount {
      let entry = bytes.littleEndian(UInt32.self, at: position * Self.entryByteCount)
      if entry != 0 { self[firstIndex + position] = entry }
    }
  }

  /// Writes the entries from `firstIndex` on into `buffer`, in the file's form; returns the bytes written.
  public func encode(from firstIndex: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let entryCount = min(count - firstIndex, buffer.count / Self.entryByteCount)
    for position in 0..<entryCount {
      buffer.store(littleEndian: self[firstIndex + position], at: position * Self.entryByteCount)
    }
    return entryCount * Self.entryByteCount
  }
}
