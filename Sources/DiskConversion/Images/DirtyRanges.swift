import ParallelsFormat

/// The runs of the disk that a dirty bitmap marks, in disk order and not adjacent to each other.
///
/// The bitmap must not break any rule. Its bits are read on demand, a piece at a time.
final class DirtyRanges: DiskRanges {
  /// The most bytes of a bitmap to keep in memory.
  private static let pieceByteCount: UInt64 = 512 << 10

  private let file: DiskFile
  private let bitmap: DirtyBitmap
  private let header: Header
  private let buffer: AlignedBuffer
  /// The range of bits in the buffer.
  private var loaded: Range<UInt64> = 0..<0
  private var position: UInt64 = 0

  /// - Throws: `outOfMemory`.
  init(of bitmap: DirtyBitmap, in image: ImageFile) throws(ConversionError) {
    self.bitmap = bitmap
    file = image.file
    header = image.header
    buffer = try AlignedBuffer(byteCount: Int(min(Self.pieceByteCount, header.clusterByteCount)))
  }

  /// The next run, in bytes of the disk, clipped to the end of the disk.
  func next() throws(ConversionError) -> Range<UInt64>? {
    guard let start = try firstBit(from: position, isSet: true) else {
      position = bitmap.bitCount
      return nil
    }
    position = try firstBit(from: start, isSet: false) ?? bitmap.bitCount
    let granularity = bitmap.granularityByteCount
    return start * granularity..<min(position * granularity, header.virtualByteCount)
  }

  /// The first bit at or after `bit` that is 1, or that is 0 unless `isSet`; nil if all remaining bits differ.
  private func firstBit(from bit: UInt64, isSet: Bool) throws(ConversionError) -> UInt64? {
    let bitsInChunk = header.clusterByteCount * 8
    var bit = bit
    while bit < bitmap.bitCount {
      let index = bit / bitsInChunk
      // Without a table all bits are clean, and an image may claim more chunks than anyone could examine.
      guard index < UInt64(bitmap.l1Table.count) else { return isSet ? nil : bit }
      let chunk = index * bitsInChunk..<min((index + 1) * bitsInChunk, bitmap.bitCount)
      switch bitmap.chunk(Int(index)) {
      case .clean where !isSet, .dirty where isSet: return bit
      case .clean, .dirty: bit = chunk.upperBound
      case .stored(let byteOffset):
        try load(bit, of: chunk, at: byteOffset)
        if let found = firstLoadedBit(from: bit, isSet: isSet) { return found }
        bit = loaded.upperBound
      }
    }
    return nil
  }

  /// Loads `bit` and the bits after it, from a chunk at `byteOffset` of the file.
  private func load(_ bit: UInt64, of chunk: Range<UInt64>, at byteOffset: UInt64) throws(ConversionError) {
    guard !loaded.contains(bit) else { return }
    let skipped = (bit - chunk.lowerBound) / 8
    let chunkByteCount = (chunk.upperBound - chunk.lowerBound).dividedRoundingUp(by: 8)
    let wanted = Int(min(UInt64(buffer.bytes.count), chunkByteCount - skipped))
    try file.read(into: buffer.bytes.part(..<wanted), at: byteOffset + skipped)
    let first = chunk.lowerBound + skipped * 8
    loaded = first..<min(first + UInt64(wanted) * 8, chunk.upperBound)
  }

  private func firstLoadedBit(from bit: UInt64, isSet: Bool) -> UInt64? {
    // Always search for a 1, inverting the bits to find a 0.
    let mask: UInt8 = isSet ? 0 : 0xFF
    var bit = bit
    while bit < loaded.upperBound {
      let place = bit - loaded.lowerBound
      let rest = (buffer.bytes[Int(place / 8)] ^ mask) >> (place % 8)
      guard rest == 0 else {
        let found = bit + UInt64(rest.trailingZeroBitCount)
        return found < loaded.upperBound ? found : nil
      }
      bit += 8 - place % 8
    }
    return nil
  }
}
