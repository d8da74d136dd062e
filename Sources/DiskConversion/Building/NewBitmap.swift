import ParallelsFormat

/// A dirty bitmap for a new image, to mark future changes of the disk.
public struct NewBitmap: Equatable, Sendable {
  /// The default number of disk bytes per bit, which is that of ploop.
  public static let standardGranularityByteCount: UInt64 = 64 << 10

  private let id: BitmapID
  private let granularitySectors: UInt32

  /// Creates a bitmap whose `id` is a UUID, with or without braces.
  ///
  /// Nil if `id` is invalid or the granularity is not a power of two from 512 bytes to 1 TiB.
  public init?(id: String, granularityByteCount: UInt64 = Self.standardGranularityByteCount) {
    guard let id = BitmapID(id), granularityByteCount.nonzeroBitCount == 1, granularityByteCount % sectorByteCount == 0,
      let sectors = UInt32(exactly: granularityByteCount / sectorByteCount)
    else { return nil }
    self.id = id
    granularitySectors = sectors
  }

  /// An extension for an image of this geometry that contains only this bitmap, without marks.
  func formatExtension(for geometry: ImageGeometry) -> FormatExtension {
    let bitmap = DirtyBitmap(cleanFor: geometry, id: id, granularitySectors: granularitySectors)
    return FormatExtension(sections: [bitmap.section])
  }
}
