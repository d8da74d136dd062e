import ParallelsFormat

/// What a new image keeps of the format extension of the one that it is made from.
struct CarriedExtension {
  private let bitmaps: [RecutBitmap]
  /// Unknown features that software is to keep as they are.
  private let others: FormatExtension

  /// Keeps the bitmaps of `image` that are valid, warning of the others; nil if nothing is left.
  ///
  /// The disk of a bundle, of `diskByteCount` bytes, may be shorter than that of its topmost image.
  ///
  /// - Throws: `formatExtension` for an unknown feature that forbids changes, or if a cluster of the new image is too
  ///   small.
  init?(
    _ image: ImageFile, diskByteCount: UInt64, for geometry: ImageGeometry, events: Events
  ) throws(ConversionError) {
    guard case .success(let old) = image.formatExtension else { return nil }
    do throws(ExtensionProblem) {
      others = try old.rewritten(with: [])
    } catch {
      throw ConversionError(image.file.name, .formatExtension(error))
    }
    var bitmaps: [RecutBitmap] = []
    for found in image.bitmaps(shared: image.sharedExtensionClusters()) {
      if let reason = found.problem?.description ?? image.bitmapMistrust {
        let name = found.bitmap.map { "dirty bitmap \($0.id)" } ?? "a dirty bitmap"
        events.report(.warning(path: image.file.name, "\(name) is left out: \(reason)"))
      } else if let bitmap = found.bitmap {
        bitmaps.append(try RecutBitmap(bitmap, in: image, diskByteCount: diskByteCount, for: geometry))
      }
    }
    self.bitmaps = bitmaps
    guard !bitmaps.isEmpty || !others.sections.isEmpty else { return nil }
  }

  /// Clusters for the extension itself and for the bits.
  var clusterCount: UInt64 { bitmaps.reduce(1) { $0 + UInt64($1.storedChunks.count) } }

  /// The extension for an image of this geometry, which has room for it.
  func placed(in geometry: ImageGeometry) -> FormatExtension {
    var offset = (geometry.dataOffsetClusters + 1) * geometry.clusterByteCount
    var sections: [FeatureSection] = []
    for bitmap in bitmaps {
      sections.append(bitmap.section(withBitsAt: offset))
      offset += UInt64(bitmap.storedChunks.count) * geometry.clusterByteCount
    }
    return FormatExtension(sections: sections + others.sections)
  }

  /// Calls `body` with the clusters of bits, in the order of the file, from `byteOffset` on.
  func writeBits(
    at byteOffset: UInt64, clusterByteCount: UInt64,
    _ body: (UnsafeRawBufferPointer, UInt64) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    var offset = byteOffset
    for bitmap in bitmaps {
      try bitmap.writeBits(at: offset, body)
      offset += UInt64(bitmap.storedChunks.count) * clusterByteCount
    }
  }
}
