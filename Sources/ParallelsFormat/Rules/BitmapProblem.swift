/// What is wrong with a dirty bitmap of the format extension.
public enum BitmapProblem: Error, Equatable, Sendable {
  /// The section's data, of this many bytes, ends before the fields or the L1 table do.
  case truncated(byteCount: Int)
  /// `size` differs from that of the disk; both are in sectors.
  case wrongSize(sectors: UInt64, diskSectors: UInt64)
  /// `granularity` is not a power of two.
  case wrongGranularity(sectors: UInt32)
  /// `l1_size` does not match the disk, the granularity and the cluster size.
  case wrongTableSize(entries: Int, expected: UInt64)
  /// An L1 entry does not point to a cluster of the data area, for the reason given.
  case misplacedChunk(l1Index: Int, sectors: UInt64, reason: String)
  /// An L1 entry points to a cluster that shares bytes with that of an earlier entry or bitmap.
  case sharedChunk(l1Index: Int, sectors: UInt64)
  /// One of its clusters, or the extension's own, shares bytes with another cluster in use; the position is in bytes.
  case sharedCluster(byteOffset: UInt64)
  /// An earlier bitmap has the same id.
  case sameID
}

extension BitmapProblem: RuleViolation {
  /// The broken rule, and a description without the file name.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .truncated(let byteCount):
      (.bitmapCut, "its section (\(counted(byteCount, "byte"))) is too short for its L1 table")
    case .wrongSize(let sectors, let diskSectors):
      (.bitmapSize, "it covers \(counted(sectors, "sector")), but the disk has \(diskSectors)")
    case .wrongGranularity(let sectors):
      (.bitmapGranularity, "its granularity (\(counted(sectors, "sector"))) is not a power of two")
    case .wrongTableSize(let entries, let expected):
      (.bitmapTableSize, "its L1 table has \(counted(entries, "entry", plural: "entries")), not \(expected)")
    case .misplacedChunk(let index, let sectors, let reason):
      (.bitmapTableEntry, "L1 entry \(index) (sector \(sectors)): \(reason)")
    case .sharedChunk(let index, let sectors):
      (.bitmapTableEntry, "L1 entry \(index) (sector \(sectors)): inside the cluster of an earlier entry")
    case .sharedCluster(let byteOffset):
      (.bitmapTableEntry, "its cluster at byte \(byteOffset) is also in use for something else")
    case .sameID: (.bitmapID, "an earlier bitmap has the same ID")
    }
  }
}
