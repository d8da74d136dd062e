/// Which entry claims which part of the file, to find clusters that two entries share.
///
/// The file is cut into slots of one cluster's size. Clusters that do not overlap begin in different slots, so one
/// claimant a slot is all there is to remember, and a cluster can only overlap those of its own slot and of the two
/// beside it. That holds for the legacy layout too, where a cluster may begin at any sector.
struct HostClaims {
  /// The claimant of each slot, plus one; 0 where there is none.
  private var claimants: PagedTable
  private let header: Header

  /// Room for entries whose clusters begin at byte `lastByteOffset` of the file at the most.
  init(header: Header, lastByteOffset: UInt64) {
    self.header = header
    claimants = PagedTable(count: Int(clamping: lastByteOffset / header.clusterByteCount) + 2)
  }

  /// Claims the cluster of entry `index`; returns what is wrong when somebody has it already.
  mutating func claim(_ index: Int, in table: BlockAllocationTable) -> EntryProblem.Kind? {
    let offset = header.hostByteOffset(ofEntry: table[index])
    let slot = Int(clamping: offset / header.clusterByteCount)
    for neighbour in max(slot - 1, 0)...slot + 1 where claimants[neighbour] != 0 {
      let otherIndex = Int(claimants[neighbour]) - 1
      let otherOffset = header.hostByteOffset(ofEntry: table[otherIndex])
      if otherOffset == offset { return .duplicate(otherIndex: otherIndex) }
      let distance = otherOffset > offset ? otherOffset - offset : offset - otherOffset
      if distance < header.clusterByteCount { return .overlap(otherIndex: otherIndex) }
    }
    claimants[slot] = UInt32(index) + 1
    return nil
  }
}
