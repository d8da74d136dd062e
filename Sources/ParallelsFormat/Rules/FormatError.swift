/// A rule that keeps an image from being read, or that a new image would break.
public enum FormatError: Error, Equatable, Sendable {
  /// A part of the image with a fixed position.
  public enum Part: String, Sendable {
    /// The first 64 bytes.
    case header
    /// The BAT, which follows the header.
    case table = "BAT"
  }

  /// The file ends inside `part`; sizes are in bytes.
  case truncated(Part, expected: UInt64, found: UInt64)
  /// The file begins with neither of the two magics.
  case unknownMagic
  /// `version` is not 2.
  case unknownVersion(UInt32)
  /// `tracks` is 0.
  case zeroClusterSize
  /// `tracks` exceeds the limit of readers.
  case clusterTooLarge(sectors: UInt64)
  /// The cluster size, in bytes, is not a multiple of the sector size.
  case clusterNotSectors(byteCount: UInt64)
  /// `nb_bat_entries` exceeds the limit of readers.
  case tableTooLong(entries: UInt64)
  /// `nb_sectors` is too large for a 64-bit count of bytes.
  case diskTooLarge(sectors: UInt64)
  /// The image needs more sectors than the 32 bits of the legacy layout can address.
  case tooLargeForLegacyLayout(sectors: UInt64)
}

extension FormatError: RuleViolation {
  /// The broken rule, and a description without the file name.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .truncated(let part, let expected, let found):
      (
        part == .header ? .notAnImage : .tableCut,
        "the file ends inside the \(part.rawValue): it needs \(expected) bytes, but has \(found)"
      )
    case .unknownMagic: (.notAnImage, "not a Parallels image (unknown magic)")
    case .unknownVersion(let version): (.notAnImage, "version \(version) is not supported (only 2 is)")
    case .zeroClusterSize: (.notAnImage, "the cluster size is 0 sectors")
    case .clusterTooLarge(let sectors):
      (
        .pastLimits,
        "a cluster of \(sectors) sectors exceeds the limit of \(FormatLimits.sectorsPerCluster)"
      )
    case .clusterNotSectors(let byteCount):
      (.pastLimits, "a cluster size of \(counted(byteCount, "byte")) is not a multiple of \(sectorByteCount)")
    case .tableTooLong(let entries):
      (.pastLimits, "a BAT of \(entries) entries exceeds the limit of \(FormatLimits.batEntryCount)")
    case .diskTooLarge(let sectors):
      (
        .pastLimits,
        "a disk of \(sectors) sectors exceeds the limit of \(FormatLimits.sectorCount)"
      )
    case .tooLargeForLegacyLayout(let sectors):
      (
        .pastLimits,
        "\(sectors) sectors exceed the legacy layout's limit of \(FormatLimits.legacySectorCount)"
      )
    }
  }
}
