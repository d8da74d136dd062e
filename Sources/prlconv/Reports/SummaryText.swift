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
}
