/// The largest values that a reader of the format takes; a writer keeps to them too.
///
/// The specification names none. These are qemu's (`block/parallels.c`): an image past them could be written but
/// not opened. With them, every offset of an image fits 64 bits: an entry has 32 bits, a cluster 22 bits of sectors
/// and a sector 9 bits of bytes.
public enum FormatLimits {
  /// Most sectors in a cluster: (2³¹ − 1) / 513, so about 2 GiB.
  public static let sectorsPerCluster: UInt32 = 4_186_127
  /// Most entries in a BAT: (2³¹ − 1) / 4, so a table of 2 GiB.
  public static let batEntryCount: UInt32 = 536_870_911
  /// Most sectors in a disk: what a signed 64-bit count of bytes holds.
  public static let sectorCount = UInt64(Int64.max) / sectorByteCount
  /// Most sectors in a disk, and in the file, of the legacy layout, which has 32 bits for both.
  public static let legacySectorCount = UInt64(UInt32.max)
}
