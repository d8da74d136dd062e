/// What is wrong with the use of space in the file.
public enum HostSpaceProblem: Equatable, Sendable {
  /// Nothing refers to a run of clusters that starts at this byte of the file.
  case leaked(byteOffset: UInt64, clusterCount: UInt64)
  /// A cluster of the format extension or of its bitmaps shares bytes with another cluster in use.
  case extensionShared(byteOffset: UInt64)
  /// A cluster of the format extension or of its bitmaps lies before the data area, as given by `data_off`.
  case extensionBeforeDataArea(byteOffset: UInt64, dataAreaByteOffset: UInt64)
}

extension HostSpaceProblem: RuleViolation {
  /// Position in the file, in bytes.
  public var byteOffset: UInt64 {
    switch self {
    case .leaked(let byteOffset, _), .extensionShared(let byteOffset), .extensionBeforeDataArea(let byteOffset, _):
      byteOffset
    }
  }

  /// The broken rule, and a description without the file name.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .leaked(let byteOffset, let count):
      (
        .leakedClusters,
        count == 1
          ? "1 cluster at byte \(byteOffset) is not referenced"
          : "\(count) clusters from byte \(byteOffset) on are not referenced"
      )
    case .extensionShared(let byteOffset):
      (.extensionShared, "the format extension's cluster at byte \(byteOffset) is also in use for something else")
    case .extensionBeforeDataArea(let byteOffset, let dataArea):
      (
        .extensionBeforeData,
        "the format extension's cluster at byte \(byteOffset) lies before the data area (byte \(dataArea))"
      )
    }
  }
}
