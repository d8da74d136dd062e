import ParallelsFormat

/// The runs of the disk that a dirty bitmap marks, in disk order, none touching the next.
///
/// The bitmap has to be one that breaks no rule. Its bits are read as they are asked for, a piece at a time.
final class DirtyRanges: DiskRanges {
  /// Most bytes of a bitmap in memory.
  private static let pieceByteCount: UInt64 = 512 << 10

  private let file: DiskFile
  private let bitmap: DirtyBitmap
  private let header: Header
  private let buffer: AlignedBuffer
  /// The bits that the buffer holds.
  private var loaded: Range<UInt64> = 0..<0
  private var position: UInt64 = 0

  init(of bitmap: DirtyBitmap, in image: ImageFile) {
    self.bitmap = bitmap
    file = image.file
    header = image.header
    buffer = AlignedBuffer(byteCount: Int(min(Self.pieceByteCount, header.clusterByteCount)))
  }

  /// The next run, in bytes of the disk; the last one ends with the disk at the latest.
  func next() throws(ConversionError) -> Range<UInt64>? {
    guard let start = try firstBit(from: position, isSet: true) else {
      position = bitmap.bitCount
      return nil
    }
    position = try firstBit(from: start, isSet: false) ?? bitmap.bitCount
    let granularity = bitmap.granularityByteCount
    return start * granularity..<min(position * granularity, header.virtualByteCount)
  }

  /// The first bit at or after `bit` that is 1, or 0; nil when there is none before the end.
  private func firstBit(from bit: UInt64, isSet: Bool) throws(ConversionError) -> UInt64? {
    let bitsInChunk = header.clusterByteCount * 8
    var bit = bit
    while bit < bitmap.bitCount {
      let index = bit / bitsInChunk
      // Without a table all is clean, and an image may claim more chunks than anybody could look at.
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

  /// Makes `loaded` hold `bit`, which is one of a chunk that lies at `byteOffset` of the file.
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
    // What is looked for is a 1 in the bits as they are, or turned over.
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
