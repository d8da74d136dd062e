import StreamIO

/// The file, device or pipe to which an output is written, counting every byte.
struct TargetFile: Sendable {
  let file: OpenFile
  private let progress: ConversionProgress
  private let cancellation: Cancellation

  init(_ file: OpenFile, control: ConversionControl) {
    self.file = file
    progress = control.progress
    cancellation = control.cancellation
  }

  var name: String { file.name }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(ConversionError) {
    try converting(file.write(bytes, at: offset))
    progress.countWritten(bytes.count)
  }

  func write(_ bytes: [UInt8], at offset: UInt64) throws(ConversionError) {
    // `withUnsafeBytes` of an array would lose the type of the error; that of a span keeps it.
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(ConversionError) in try write(raw, at: offset) }
  }

  /// Writes all of `bytes` after those written last; `position` is the number of bytes before them.
  func append(_ bytes: UnsafeRawBufferPointer, at position: UInt64) throws(ConversionError) {
    guard !file.isSeekable else { return try write(bytes, at: position) }
    try converting(file.writeNext(bytes, position: position))
    progress.countWritten(bytes.count)
  }

  /// Moves bytes of `source` to this pipe without copying them; returns how many, which are fewer if the system refuses.
  ///
  /// - Throws: `endedEarly` if the source was truncated since it was opened; `file`.
  func splice(_ range: Range<UInt64>, of source: DiskFile, at position: UInt64) throws(ConversionError) -> UInt64 {
    guard let sourceFile = source.file else { return 0 }
    let (count, isRefused) = try converting(file.splice(range, of: sourceFile, position: position))
    source.countRead(Int(clamping: count))
    progress.countWritten(Int(clamping: count))
    progress.countSpliced(count)
    guard isRefused || count == range.upperBound - range.lowerBound else {
      throw ConversionError(source.name, .endedEarly(byteCount: range.lowerBound + count))
    }
    return count
  }

  /// Writes zeros over `range`, checking for cancellation, because a long run takes long.
  func writeZeros(over range: Range<UInt64>) throws(ConversionError) {
    try ZeroBlock.forEachBlock(of: range.upperBound - range.lowerBound) { (block, done) throws(ConversionError) in
      try cancellation.check()
      if file.isSeekable {
        try write(block, at: range.lowerBound + done)
      } else {
        try converting(file.writeNextZeros(block, position: range.lowerBound + done))
        progress.countWritten(block.count)
      }
    }
  }

  /// Sets the length of the file, in bytes.
  func truncate(to byteCount: UInt64) throws(ConversionError) { try converting(file.truncate(to: byteCount)) }
}
