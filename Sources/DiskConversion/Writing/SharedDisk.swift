/// Shares the data of a disk with a raw file of it, as far as possible.
struct SharedDisk {
  let disk: any Disk
  let sharing: BlockSharing
  let control: ConversionControl

  /// Shares blocks, and returns what is left to copy, in disk order.
  ///
  /// Zeros between two ranges that are left belong to them, so there are never more ranges than shared ones.
  func share() throws(ConversionError) -> RangeList {
    var rest: [Range<UInt64>] = []
    var isAdjacent = false
    var position: UInt64 = 0
    func leave(_ range: Range<UInt64>) {
      guard !range.isEmpty else { return }
      if isAdjacent, let last = rest.popLast() {
        rest.append(last.lowerBound..<range.upperBound)
      } else {
        rest.append(range)
      }
      isAdjacent = true
    }
    // Joined, so that neighbouring clusters are shared in one call.
    var extents = disk.extents(in: 0..<disk.byteCount)
    while !sharing.isHopeless, let extent = try extents.next() {
      guard extent.contents == .data else { continue }
      try control.cancellation.check()
      let shared = try sharing.share(extent, at: extent.guestOffset)
      leave(extent.guestOffset..<shared.lowerBound)
      if !shared.isEmpty { isAdjacent = false }
      leave(shared.upperBound..<extent.guestEnd)
      position = extent.guestEnd
    }
    let end = disk.byteCount
    if position < end, try disk.data(from: position) != nil { leave(position..<end) }
    return RangeList(rest, of: end, progress: control.progress)
  }
}

/// Ranges that are known in advance; the rest of the disk counts as done.
struct RangeList: DiskRanges {
  private var ranges: ArraySlice<Range<UInt64>>
  private let end: UInt64
  private let progress: ConversionProgress
  private var position: UInt64 = 0

  init(_ ranges: [Range<UInt64>], of end: UInt64, progress: ConversionProgress) {
    self.ranges = ranges[...]
    self.end = end
    self.progress = progress
  }

  mutating func next() -> Range<UInt64>? {
    let next = ranges.popFirst()
    progress.advance(by: (next?.lowerBound ?? end) - position)
    position = next?.upperBound ?? end
    return next
  }
}
