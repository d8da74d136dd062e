extension TableInspection {
  /// Start of the data area, in bytes: `data_off` if it is right and not 0, or else the first possible position after
  /// the BAT.
  public var dataAreaByteOffset: UInt64 {
    let named = UInt64(header.dataOffsetSectors) * sectorByteCount
    guard dataOffsetProblem != nil || named == 0 else { return named }
    let unit = header.layout == .legacy ? sectorByteCount : header.clusterByteCount
    return header.tableEndByteOffset.dividedRoundingUp(by: unit) * unit
  }

  /// Calls `body` with every problem of the data area, in file order; returns the end of the last cluster in use, in
  /// bytes.
  ///
  /// `extensionClusters` are the positions of the clusters of the format extension and of its bitmaps, in bytes.
  /// Clusters of entries beyond the disk count as in use: they do not belong to the disk, but are not free either. If
  /// `data_off` is wrong, the position of the extension is not checked against it. A gap smaller than a cluster is
  /// ignored in the middle of the file. At the end of the file, if that is known, it counts as a cluster.
  @discardableResult
  public func forEachHostSpaceProblem(extensionClusters: [UInt64], _ body: (HostSpaceProblem) -> Void) -> UInt64 {
    var order = HostOrder(ofAllEntriesOf: self)
    var others = extensionClusters.sorted()[...]
    var end = dataAreaByteOffset
    let namedDataArea = dataOffsetProblem == nil ? dataAreaByteOffset : 0
    var lastEarly: UInt64?
    var sharing = ExtensionSharing(clusterByteCount: header.clusterByteCount)
    while true {
      while let index = order.next, presentByteOffset(ofEntry: table[index]) == nil { order.advance() }
      let ours = order.next.flatMap { presentByteOffset(ofEntry: table[$0]) }
      guard let byteOffset = [ours, others.first].compactMap(\.self).min() else { break }
      let isExtension = byteOffset != ours
      if isExtension { others = others.dropFirst() } else { order.advance() }
      // First, because this may be about the previous cluster.
      sharing.meet(byteOffset, isExtension: isExtension) { body(.extensionShared(byteOffset: $0)) }
      if isExtension, byteOffset < namedDataArea, byteOffset != lastEarly {
        lastEarly = byteOffset
        body(.extensionBeforeDataArea(byteOffset: byteOffset, dataAreaByteOffset: dataAreaByteOffset))
      }
      if byteOffset >= end {
        let gap = (byteOffset - end) / header.clusterByteCount
        if gap > 0 { body(.leaked(byteOffset: end, clusterCount: gap)) }
      }
      end = max(end, byteOffset + header.clusterByteCount)
    }
    guard let fileByteCount, fileByteCount > end else { return end }
    let tail = (fileByteCount - end).dividedRoundingUp(by: header.clusterByteCount)
    body(.leaked(byteOffset: end, clusterCount: tail))
    return end
  }
}

/// Finds clusters of the extension that share bytes with others, given all clusters in file order.
private struct ExtensionSharing {
  let clusterByteCount: UInt64
  var previous: (byteOffset: UInt64, isExtension: Bool)?
  var lastFound: UInt64?

  /// Takes the next cluster; calls `body` once for each shared position.
  mutating func meet(_ byteOffset: UInt64, isExtension: Bool, _ body: (UInt64) -> Void) {
    defer { previous = (byteOffset, isExtension) }
    guard let previous, byteOffset - previous.byteOffset < clusterByteCount else { return }
    if previous.isExtension, previous.byteOffset != lastFound { body(previous.byteOffset) }
    if previous.isExtension { lastFound = previous.byteOffset }
    if isExtension, byteOffset != lastFound { body(byteOffset) }
    if isExtension { lastFound = byteOffset }
  }
}
