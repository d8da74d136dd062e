import DiskConversion

extension ConversionSummary {
  /// One line for people.
  func text(seconds: Double) -> String {
    let rate = ByteSize(byteCount: UInt64(min(Double(virtualByteCount) / max(seconds, 1e-6), 1e18)))
    let stored = ByteSize(byteCount: UInt64(allocatedClusterCount) * clusterByteCount)
    return "\(inputName) → \(outputName): \(ByteSize(byteCount: virtualByteCount)), "
      + "\(allocatedClusterCount) of \(clusterCount) clusters stored, \(stored), \(rate)/s, "
      + "\(ByteSize.decimal((seconds * 100).rounded())) s"
  }

  /// One object for programs; sizes are bytes.
  func json(seconds: Double) -> String {
    JSONText.object([
      "virtual-size": JSONText.number(virtualByteCount), "output-size": JSONText.number(outputByteCount),
      "bytes-read": JSONText.number(readByteCount), "bytes-written": JSONText.number(writtenByteCount),
      "cluster-size": JSONText.number(clusterByteCount), "clusters": JSONText.number(clusterCount),
      "allocated": JSONText.number(allocatedClusterCount),
      "zero": JSONText.number(clusterCount - min(clusterCount, UInt64(allocatedClusterCount))),
      "losses": JSONText.number(lossCount), "seconds": JSONText.seconds(seconds),
    ])
  }
}
