/// The clusters that hold the bits of an image's dirty bitmaps, none sharing bytes with another.
///
/// A shared cluster can't be right for both bitmaps. Refusing them also keeps bitmaps from having more bits than the
/// file: the longest L1 table could point to one cluster half a million times, which would take hours to read.
struct BitmapClusters {
  let clusterByteCount: UInt64
  /// The byte offset of the cluster that begins in each cluster-sized slot of the file: there is at most one.
  var starts: [UInt64: UInt64] = [:]

  /// Takes the clusters of a bitmap that breaks no other rule; returns the problem of the first one already taken.
  mutating func take(_ bitmap: DirtyBitmap) -> BitmapProblem? {
    for index in bitmap.l1Table.indices {
      guard case .stored(let byteOffset) = bitmap.chunk(index) else { continue }
      guard take(byteOffset) else { return .sharedChunk(l1Index: index, sectors: bitmap.l1Table[index]) }
    }
    return nil
  }

  private mutating func take(_ byteOffset: UInt64) -> Bool {
    let place = byteOffset / clusterByteCount
    let isShared = (place - min(place, 1)...place + 1).contains { neighbour in
      guard let start = starts[neighbour] else { return false }
      return max(start, byteOffset) - min(start, byteOffset) < clusterByteCount
    }
    guard !isShared else { return false }
    starts[place] = byteOffset
    return true
  }
}
