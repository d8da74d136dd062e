import DiskConversion

extension ConversionSummary {
  /// One line for people.
  func text(seconds: Double) -> String {
    let stored = ByteSize(byteCount: UInt64(disk.allocatedClusterCount) * disk.clusterByteCount)
    return "\(inputName) → \(outputName): \(ByteSize(byteCount: disk.virtualByteCount)), "
      + "\(disk.allocatedClusterCount) of \(disk.clusterCount) clusters stored, \(stored), "
      + Self.pace(byteCount: disk.virtualByteCount, seconds: seconds)
      + (sharedByteCount > 0 ? ", \(ByteSize(byteCount: sharedByteCount)) shared" : "")
      + (splicedByteCount > 0 ? ", \(ByteSize(byteCount: splicedByteCount)) spliced" : "")
  }

  /// The time, and the rate if the time is long enough for one that means something.
  static func pace(byteCount: UInt64, seconds: Double) -> String {
    guard seconds >= 0.1 else { return "\(max(1, Int((seconds * 1000).rounded()))) ms" }
    let rate = ByteSize(byteCount: UInt64(min(Double(byteCount) / seconds, 1e18)))
    return "\(rate)/s, \(ByteSize.decimal((seconds * 100).rounded())) s"
  }
}
