/// A dirty bitmap of an image as far as it can be read.
public struct InspectedBitmap: Equatable, Sendable {
  /// The bitmap; nil when not even its fields are there.
  public var bitmap: DirtyBitmap?
  /// Which rule it breaks; nil for none.
  public var problem: BitmapProblem?
}

extension FormatExtension {
  /// The dirty bitmaps in the order of their sections, each judged against its image.
  public func bitmaps(in header: Header, fileByteCount: UInt64) -> [InspectedBitmap] {
    var ids: Set<BitmapID> = []
    var clusters = BitmapClusters(clusterByteCount: header.clusterByteCount)
    return sections.filter { $0.magic == DirtyBitmap.magic }.map { section in
      do throws(BitmapProblem) {
        let bitmap = try DirtyBitmap(parsing: section.data)
        let isNew = ids.insert(bitmap.id).inserted
        let problem = bitmap.problem(in: header, fileByteCount: fileByteCount) ?? (isNew ? nil : .sameID)
        return InspectedBitmap(bitmap: bitmap, problem: problem ?? clusters.take(bitmap))
      } catch {
        return InspectedBitmap(bitmap: nil, problem: error)
      }
    }
  }

  /// Everything that is wrong or not understood, in the order of the sections.
  public func problems(in header: Header, fileByteCount: UInt64) -> [ExtensionProblem] {
    let unknown = sections.filter { $0.magic != DirtyBitmap.magic }
      .map { ExtensionProblem.unknownFeature(magic: $0.magic, flags: $0.flags) }
    let damaged = bitmaps(in: header, fileByteCount: fileByteCount).enumerated()
      .compactMap { index, found in found.problem.map { ExtensionProblem.bitmap(index: index, $0) } }
    return unknown + damaged
  }
}
