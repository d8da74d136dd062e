import StreamIO

/// Compares a finished output with the disk that it was made from, byte by byte.
///
/// The output is written out and dropped from the cache first, so that its bytes come from the disk.
struct OutputVerification {
  /// What the output consists of.
  enum Form {
    case raw, gzip, image
  }

  let output: OpenFile
  /// Length of the output, in bytes: a device may go on after it.
  let outputByteCount: UInt64
  let form: Form
  /// Size of the disk in the output, in bytes.
  let byteCount: UInt64
  let resources: Resources
  let control: ConversionControl

  /// Refuses an output that can't be read.
  ///
  /// - Throws: `cannotVerify`; `file` if opening it for reading is not permitted.
  static func check(_ output: OpenFile) throws(ConversionError) {
    guard output.isSeekable else {
      throw ConversionError(output.name, .cannotVerify("it is not a file or a disk, so it cannot be read again"))
    }
    try converting(output.reopened().close())
  }

  /// Compares the output with the disk that it was made from.
  ///
  /// - Throws: `verificationFailed` if they differ; `changed` if `input` was written to since it was opened; the errors of
  ///   reading.
  func run(against input: DiskInput) throws(ConversionError) {
    control.events.report(.plan("verifying: reading the output from the disk and comparing it with the input"))
    try converting(output.synchronize())
    output.dropFromCache()
    control.progress.restart()
    if !input.isCompressed { control.progress.expect(byteCount) }
    let source = try outputSource()
    let expected = try input.source(
      .diskOrder, grid: .forCompression, temporaryDirectory: resources.temporaryDirectory)
    let difference = try DiskComparison.firstDifference(
      expected, source, threadCount: resources.threadCount, control: control)
    let found = form == .gzip ? source.foundByteCount : byteCount
    guard let place = difference ?? (found == byteCount ? nil : min(found ?? 0, byteCount)) else { return }
    try input.checkUnchanged(isError: true)
    throw ConversionError(output.name, .verificationFailed(byteOffset: place))
  }

  /// The disk in the output.
  private func outputSource() throws(ConversionError) -> any ExtentSource {
    let file = try converting(output.reopened())
    switch form {
    case .gzip: return try decompressed(file)
    case .image: return DiskSource(try image(file), grid: .forCompression)
    case .raw: return DiskSource(try raw(file), grid: .forCompression)
    }
  }

  private func image(_ file: OpenFile) throws(ConversionError) -> ImageDisk {
    let disk = try DiskOpener(.file(file), endpoint: .descriptor(file.descriptor), control: control).imageDisk()
    try check(disk.byteCount == byteCount, found: disk.byteCount)
    return disk
  }

  private func raw(_ file: OpenFile) throws(ConversionError) -> RawDisk {
    guard let file = try DiskFile(file, progress: nil) else { throw ConversionError(file.name, .isStream) }
    try check(file.byteCount == byteCount || (file.isDevice && file.byteCount > byteCount), found: file.byteCount)
    return RawDisk(file: file, byteCount: byteCount)
  }

  private func check(_ hasRightSize: Bool, found: UInt64) throws(ConversionError) {
    guard !hasRightSize else { return }
    throw ConversionError(output.name, .verificationFailed(byteOffset: min(found, byteCount)))
  }

  private func decompressed(_ file: OpenFile) throws(ConversionError) -> any ExtentSource {
    let compressed = LookaheadStream(InputStart(.file(file), byteCount: outputByteCount))
    let gzip = try converting(GzipStream(compressed, path: file.name, shortcuts: resources.gzipShortcuts))
    let raw = RawStream(name: file.name, disk: LookaheadStream(gzip), gzip: gzip)
    let grid = ExtentGrid.forCompression
    return RawStreamSource(
      raw, diskByteCount: nil, grid: grid, paddedTo: grid.roundedUpToClusters, progress: ConversionProgress())
  }
}
