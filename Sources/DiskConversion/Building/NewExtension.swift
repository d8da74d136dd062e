import ParallelsFormat
import StreamIO

/// The format extension of a new image: a cluster of its own, and those with the bits of bitmaps that it keeps.
struct NewExtension {
  /// The extension's cluster without its trailing zeros.
  private let start: [UInt8]
  private let carried: CarriedExtension?
  private let clusterByteCount: UInt64

  /// Holds `carried`, or else an empty new `bitmap`; nil if both are nil.
  ///
  /// Errors are about `path`.
  ///
  /// - Throws: `formatExtension` if a cluster is too small.
  init?(
    _ bitmap: NewBitmap?, carried: CarriedExtension?, in geometry: ImageGeometry, path: String
  ) throws(ConversionError) {
    guard let new = carried?.placed(in: geometry) ?? bitmap?.formatExtension(for: geometry) else { return nil }
    self.carried = carried
    clusterByteCount = geometry.clusterByteCount
    do throws(ExtensionProblem) {
      start = try new.encodedStart(clusterByteCount: clusterByteCount)
    } catch {
      throw ConversionError(path, .formatExtension(error))
    }
  }

  /// Calls `body` with each piece of the clusters and its position in the file, beginning at `byteOffset`.
  func write(
    at byteOffset: UInt64, _ body: (UnsafeRawBufferPointer, UInt64) throws(ConversionError) -> Void
  ) throws(ConversionError) {
    try start.span.bytes.withUnsafeBytes { (bytes) throws(ConversionError) in try body(bytes, byteOffset) }
    let zeros = byteOffset + UInt64(start.count)
    let end = byteOffset + clusterByteCount
    try ZeroBlock.forEachBlock(of: end - zeros) { (block, done) throws(ConversionError) in
      try body(block, zeros + done)
    }
    try carried?.writeBits(at: end, clusterByteCount: clusterByteCount, body)
  }
}
