import FuzzSupport
import ParallelsFormat

/// Checks what any sections promise; returns where the clusters of their bitmaps begin.
func checkExtension(_ sections: ArraySlice<UInt8>, of header: Header, fileByteCount: UInt64) -> [UInt64] {
  guard !sections.isEmpty else { return [] }
  // Room for magic and MD5, which are not looked at, and for the end of the list, which may be missing.
  let room = [UInt8](repeating: 0, count: 24)
  let cluster = room + sections + room
  guard let found = try? FormatExtension(parsing: cluster.span.bytes) else { return [] }
  let written = promised("an extension still fits") { try found.encodedStart(clusterByteCount: UInt64(cluster.count)) }
  let again = promised("an extension that was written can be read") { try FormatExtension(parsing: written.span.bytes) }
  promise(again == found, "an extension keeps its sections: \(found), \(again)")
  let bitmaps = found.bitmaps(in: header, fileByteCount: fileByteCount)
  checkProblems(of: found, bitmaps: bitmaps, header: header, fileByteCount: fileByteCount)
  for bitmap in bitmaps.compactMap(\.bitmap) {
    let again = promised("a bitmap that was written can be read") { try DirtyBitmap(parsing: bitmap.section.data) }
    promise(again == bitmap, "a bitmap keeps its fields: \(bitmap), \(again)")
  }
  return bitmaps.flatMap { $0.bitmap?.storedClusters(in: header, fileByteCount: fileByteCount) ?? [] }
}

private func checkProblems(
  of found: FormatExtension, bitmaps: [InspectedBitmap], header: Header, fileByteCount: UInt64
) {
  var firsts = [BitmapProblem?](repeating: nil, count: bitmaps.count)
  found.forEachProblem(in: header, fileByteCount: fileByteCount) { problem in
    guard case .bitmap(let index, let reason) = problem else { return }
    firsts[index] = firsts[index] ?? reason
    switch reason {
    case .misplacedChunk(let place, let sectors, _), .sharedChunk(let place, let sectors):
      promise(bitmaps[index].bitmap?.l1Table[place] == sectors, "a problem is about an entry: \(problem)")
    default: break
    }
  }
  promise(firsts == bitmaps.map(\.problem), "each bitmap has its first problem: \(firsts), \(bitmaps)")
}
