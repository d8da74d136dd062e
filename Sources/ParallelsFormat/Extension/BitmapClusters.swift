/// The clusters in which the bits of an image's dirty bitmaps lie, none sharing bytes with another.
///
/// A shared one can't be right for both. And without sharing, bitmaps have no more bits than the file: the longest L1
/// table names one cluster two million times, which would take hours to look at.
struct BitmapClusters {
  let clusterByteCount: UInt64
  /// Where a cluster begins, by the cluster of the file that it begins in: there is one at most.
  var starts: [UInt64: UInt64] = [:]

  /// Takes the clusters of a bitmap that breaks no other rule; returns the problem of the first that is taken already.
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
