/// A rule of the format that an image breaks, or that an image to be written would break.
public enum FormatError: Error, Equatable, Sendable {
  /// A part of an image that has a fixed place.
  public enum Part: String, Sendable {
    /// The 64 bytes at its start.
    case header
    /// The BAT, which follows.
    case table = "BAT"
  }

  /// The file ends inside `part`; counts are bytes.
  case truncated(Part, expected: UInt64, found: UInt64)
  /// The first 16 bytes are neither of the two magics.
  case unknownMagic
  /// `version` is not 2.
  case unknownVersion(UInt32)
  /// `tracks` is 0.
  case zeroClusterSize
  /// `tracks` is more than any reader takes.
  case clusterTooLarge(sectors: UInt64)
  /// The cluster size is not a whole number of sectors.
  case clusterNotSectors(byteCount: UInt64)
  /// `nb_bat_entries` is more than any reader takes.
  case tableTooLong(entries: UInt64)
  /// `nb_sectors` is more than 64 bits of bytes hold.
  case diskTooLarge(sectors: UInt64)
  /// The disk, or the file that holds it, is more than the legacy layout's 32 bits of sectors reach.
  case tooLargeForLegacyLayout(sectors: UInt64)
}

extension FormatError: RuleViolation {
  /// The broken rule, and what breaks it in words, without the name of the file.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .truncated(let part, let expected, let found):
      (
        part == .header ? .notAnImage : .tableCut,
        "the file ends inside the \(part.rawValue): it needs \(expected) bytes, the file has \(found)"
      )
    case .unknownMagic: (.notAnImage, "not a Parallels image (unknown magic)")
    case .unknownVersion(let version): (.notAnImage, "version \(version) is not supported (only 2 is)")
    case .zeroClusterSize: (.notAnImage, "the cluster size is 0 sectors")
    case .clusterTooLarge(let sectors):
      (
        .pastLimits,
        "a cluster of \(sectors) sectors is more than the \(FormatLimits.sectorsPerCluster) that readers take"
      )
    case .clusterNotSectors(let byteCount):
      (.pastLimits, "a cluster of \(byteCount) bytes is not a multiple of \(sectorByteCount) bytes")
    case .tableTooLong(let entries):
      (.pastLimits, "a BAT of \(entries) entries is more than the \(FormatLimits.batEntryCount) that readers take")
    case .diskTooLarge(let sectors):
      (
        .pastLimits,
        "a disk of \(sectors) sectors is more than the \(FormatLimits.sectorCount) that fit 64 bits of bytes"
      )
    case .tooLargeForLegacyLayout(let sectors):
      (
        .pastLimits,
        "\(sectors) sectors are more than the \(FormatLimits.legacySectorCount) that the legacy layout reaches"
      )
    }
  }
}
