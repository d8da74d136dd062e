/// The largest values that readers of the format accept; a writer must also keep to them.
///
/// The specification gives no limits. These are qemu's (`block/parallels.c`): an image beyond them could be written but
/// not opened. They also ensure that every offset in an image fits 64 bits: an entry has 32 bits, a cluster 22 bits of
/// sectors and a sector 9 bits of bytes.
public enum FormatLimits {
  /// Maximum sectors per cluster: (2³¹ − 1) / 513, about 2 GiB.
  public static let sectorsPerCluster: UInt32 = 4_186_127
  /// Maximum entries in a BAT: (2³¹ − 1) / 4, a table of 2 GiB.
  public static let batEntryCount: UInt32 = 536_870_911
  /// Maximum sectors in a disk: as many as a signed 64-bit count of bytes allows.
  public static let sectorCount = UInt64(Int64.max) / sectorByteCount
  /// Maximum sectors in a disk, and in its file, in the legacy layout, which has 32 bits for both.
  public static let legacySectorCount = UInt64(UInt32.max)
}
