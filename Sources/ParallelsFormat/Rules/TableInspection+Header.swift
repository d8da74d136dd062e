extension TableInspection {
  /// The rules that the image breaks as a whole, in the order of `Rule.all`.
  public var headerProblems: [HeaderProblem] {
    var problems: [HeaderProblem] = []
    let notClosed = header.inUse == .open
    if notClosed, header.flags.contains(.formatConversion) { problems.append(.conversionUnderWay) }
    if notClosed { problems.append(.notClosed) }
    if UInt64(header.batEntryCount) < header.clusterCount {
      problems.append(.tableTooShort(entries: UInt64(header.batEntryCount), clusters: header.clusterCount))
    }
    if header.flags.contains(.empty), lastByteOffset != nil {
      problems.append(.emptyFlagWithData(allocatedClusters: allocatedCount))
    }
    if let reason = dataOffsetProblem {
      problems.append(.wrongDataOffset(sectors: header.dataOffsetSectors, reason: reason))
    }
    return problems
  }

  /// Why `data_off` can't be right (specification, section "Header"); nil if it can.
  var dataOffsetProblem: String? {
    let sectors = UInt64(header.dataOffsetSectors)
    let byteOffset = sectors * sectorByteCount
    if header.layout == .legacy && sectors == 0 { return nil }  // "the end of the BAT, rounded up to a sector"
    if byteOffset < header.tableEndByteOffset { return "the header and BAT end at byte \(header.tableEndByteOffset)" }
    if header.layout == .extended && sectors % UInt64(header.sectorsPerCluster) != 0 {
      return "not a multiple of the cluster size"
    }
    if let firstByteOffset, byteOffset > firstByteOffset { return "the first cluster is at byte \(firstByteOffset)" }
    if let fileByteCount, byteOffset > fileByteCount { return "the file has only \(counted(fileByteCount, "byte"))" }
    return nil
  }
}
