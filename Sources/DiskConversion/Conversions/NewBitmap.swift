import ParallelsFormat

/// A dirty bitmap for a new image: from now on, changes of the disk are to be marked in it.
public struct NewBitmap: Equatable, Sendable {
  /// Bytes of the disk for each bit, unless chosen otherwise: what ploop takes.
  public static let standardGranularityByteCount: UInt64 = 64 << 10

  private let id: BitmapID
  private let granularitySectors: UInt32

  /// `id` is a UUID, in braces or not.
  ///
  /// Nil when it is none, or when the granularity is no power of two from 512 bytes to 1 TiB.
  public init?(id: String, granularityByteCount: UInt64 = Self.standardGranularityByteCount) {
    guard let id = BitmapID(id), granularityByteCount.nonzeroBitCount == 1, granularityByteCount % sectorByteCount == 0,
      let sectors = UInt32(exactly: granularityByteCount / sectorByteCount)
    else { return nil }
    self.id = id
    granularitySectors = sectors
  }

  /// The extension of an image of this shape that has just this bitmap, all clean.
  func formatExtension(for geometry: ImageGeometry) -> FormatExtension {
    let bitmap = DirtyBitmap(cleanFor: geometry, id: id, granularitySectors: granularitySectors)
    return FormatExtension(sections: [bitmap.section])
  }
}
