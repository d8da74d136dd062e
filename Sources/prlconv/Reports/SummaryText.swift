import DiskConversion

extension ConversionSummary {
  /// One line for people.
  func text(seconds: Double) -> String {
    let rate = ByteSize(byteCount: UInt64(min(Double(disk.virtualByteCount) / max(seconds, 1e-6), 1e18)))
    let stored = ByteSize(byteCount: UInt64(disk.allocatedClusterCount) * disk.clusterByteCount)
    return "\(inputName) → \(outputName): \(ByteSize(byteCount: disk.virtualByteCount)), "
      + "\(disk.allocatedClusterCount) of \(disk.clusterCount) clusters stored, \(stored), \(rate)/s, "
      + "\(ByteSize.decimal((seconds * 100).rounded())) s"
      + (sharedByteCount > 0 ? ", \(ByteSize(byteCount: sharedByteCount)) shared" : "")
      + (splicedByteCount > 0 ? ", \(ByteSize(byteCount: splicedByteCount)) spliced" : "")
  }

  /// One object for programs; sizes are bytes.
  func json(seconds: Double) -> String {
    JSONText.object([
      "virtual-size": JSONText.number(disk.virtualByteCount), "output-size": JSONText.number(outputByteCount),
      "bytes-read": JSONText.number(readByteCount), "bytes-written": JSONText.number(writtenByteCount),
      "bytes-shared": JSONText.number(sharedByteCount), "bytes-spliced": JSONText.number(splicedByteCount),
      "cluster-size": JSONText.number(disk.clusterByteCount), "clusters": JSONText.number(disk.clusterCount),
      "allocated": JSONText.number(disk.allocatedClusterCount),
      "zero": JSONText.number(disk.clusterCount - min(disk.clusterCount, UInt64(disk.allocatedClusterCount))),
      "losses": JSONText.number(lossCount), "seconds": JSONText.seconds(seconds),
    ])
  }
}
