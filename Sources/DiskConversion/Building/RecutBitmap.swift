import ParallelsFormat

/// A dirty bitmap of an existing image, cut for the clusters of a new one.
///
/// Each bit keeps its meaning. Where the new disk is longer, it is clean.
struct RecutBitmap {
  private let source: DirtyBitmap
  private let image: ImageFile
  /// The new bitmap; entries of chunks that are stored have no meaning yet.
  private var bitmap: DirtyBitmap
  /// The chunks that are neither clean nor dirty throughout, in order: each takes a cluster.
  private(set) var storedChunks: [Int] = []
  private let clusterByteCount: UInt64
  /// The number of bits for the disk of the input.
  private let usedBitCount: UInt64

  /// `source` must break no rule in `image`, whose disk may be longer than `diskByteCount`; reads all its bits.
  init(
    _ source: DirtyBitmap, in image: ImageFile, diskByteCount: UInt64, for geometry: ImageGeometry
  ) throws(ConversionError) {
    self.source = source
    self.image = image
    clusterByteCount = geometry.clusterByteCount
    bitmap = DirtyBitmap(cleanFor: geometry, id: source.id, granularitySectors: source.granularitySectors)
    do throws(ExtensionProblem) {
      try FormatExtension(sections: [bitmap.section]).checkFits(clusterByteCount: clusterByteCount)
    } catch {
      throw ConversionError(image.file.name, .formatExtension(error))
    }
    let granularity = source.granularityByteCount
    usedBitCount = min(bitmap.bitCount, diskByteCount.dividedRoundingUp(by: granularity))
    var setCounts = [UInt64](repeating: 0, count: bitmap.l1Table.count)
    var runs = try BitRuns(of: source, in: image, limit: usedBitCount)
    while let run = try runs.next() {
      for chunk in Int(run.lowerBound / bitsPerChunk)...Int((run.upperBound - 1) / bitsPerChunk) {
        let part = run.clamped(to: bits(of: chunk))
        setCounts[chunk] += part.upperBound - part.lowerBound
      }
    }
    for (chunk, count) in setCounts.enumerated() where count > 0 {
      let isDirty = count == min(bitsPerChunk, bitmap.bitCount - UInt64(chunk) * bitsPerChunk)
      if isDirty { bitmap.l1Table[chunk] = 1 } else { storedChunks.append(chunk) }
    }
  }

  private var bitsPerChunk: UInt64 { clusterByteCount * 8 }

  private func bits(of chunk: Int) -> Range<UInt64> {
    UInt64(chunk) * bitsPerChunk..<UInt64(chunk + 1) * bitsPerChunk
  }

  /// The bitmap's section if its first cluster of bits begins at `byteOffset` of the file.
  func section(withBitsAt byteOffset: UInt64) -> FeatureSection {
    var placed = bitmap
    for (position, chunk) in storedChunks.enumerated() {
      placed.l1Table[chunk] = (byteOffset + UInt64(position) * clusterByteCount) / sectorByteCount
    }
    return placed.section
  }

  /// Calls `body` with the bytes of the clusters of bits, from `byteOffset` of the file on.
  func writeBits(
    at byteOffset: UInt64, _ body: (UnsafeRawBufferPointer, UInt64) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    guard !storedChunks.isEmpty else { return }
    var runs = try BitRuns(of: source, in: image, limit: usedBitCount)
    var offset = byteOffset
    try withBuffer(byteCount: Int(min(clusterByteCount, ExtentGrid.copiedByteLimit))) {
      (buffer) throws(ConversionError) in
      for chunk in storedChunks {
        var bits = bits(of: chunk)
        while !bits.isEmpty {
          let piece = buffer.part(..<Int(min(UInt64(buffer.count), (bits.upperBound - bits.lowerBound) / 8)))
          try runs.fill(piece, from: bits.lowerBound)
          try body(UnsafeRawBufferPointer(piece), offset)
          offset += UInt64(piece.count)
          bits = bits.lowerBound + UInt64(piece.count) * 8..<bits.upperBound
        }
      }
    }
  }
}

/// The runs of bits that are 1, in order.
private struct BitRuns {
  private let ranges: DirtyRanges
  private let granularityByteCount: UInt64
  private let limit: UInt64
  /// The next run, or what is left of it.
  private var pending: Range<UInt64>?

  /// The runs before the bit `limit`.
  init(of bitmap: DirtyBitmap, in image: ImageFile, limit: UInt64) throws(ConversionError) {
    self.limit = limit
    ranges = try DirtyRanges(of: bitmap, in: image)
    granularityByteCount = bitmap.granularityByteCount
  }

  mutating func next() throws(ConversionError) -> Range<UInt64>? {
    if let run = pending.take() { return run }
    guard let range = try ranges.next() else { return nil }
    let first = range.lowerBound / granularityByteCount
    guard first < limit else { return nil }
    return first..<min(range.upperBound.dividedRoundingUp(by: granularityByteCount), limit)
  }

  /// Fills `buffer` with the bits from `first` on, which is not before those of an earlier call.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer, from first: UInt64) throws(ConversionError) {
    buffer.clear()
    let end = first + UInt64(buffer.count) * 8
    while let run = try next() {
      for bit in run.clamped(to: first..<end) { buffer[Int((bit - first) / 8)] |= 1 << UInt8((bit - first) % 8) }
      guard run.upperBound <= end else {
        pending = run
        return
      }
    }
  }
}
