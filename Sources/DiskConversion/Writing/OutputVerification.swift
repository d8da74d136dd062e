import ParallelsFormat
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
  let form: Form
  /// Size of the disk in the output, in bytes.
  let byteCount: UInt64
  let resources: Resources
  let control: ConversionControl

  /// Refuses ends that can't be read again.
  ///
  /// - Throws: `cannotVerify`.
  static func check(_ input: DiskOpener, _ output: OpenFile) throws(ConversionError) {
    guard input.isSeekable else {
      throw ConversionError(input.file.name, .cannotVerify("a pipe can be read only once"))
    }
    guard output.isSeekable else {
      throw ConversionError(output.name, .cannotVerify("what was written to a pipe cannot be read"))
    }
  }

  /// - Throws: `verificationFailed` if the output differs from `input`; `changed` if `input` was written to meanwhile; the
  ///   errors of reading.
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
    let opener = try DiskOpener(.file(file), endpoint: .descriptor(file.descriptor), control: control)
    switch form {
    case .gzip: return try opener.decompressedDisk(resources.gzipShortcuts)
    case .image: return DiskSource(try opener.imageDisk(of: byteCount), grid: .forCompression)
    case .raw: return DiskSource(try opener.rawDisk(ofExactly: byteCount), grid: .forCompression)
    }
  }
}

extension DiskOpener {
  fileprivate func decompressedDisk(_ shortcuts: GzipShortcuts) throws(ConversionError) -> any ExtentSource {
    let gzip = try converting(GzipStream(stream, path: file.name, shortcuts: shortcuts))
    let raw = RawStream(name: file.name, disk: LookaheadStream(gzip), gzip: gzip)
    let grid = ExtentGrid.forCompression
    return RawStreamSource(
      raw, diskByteCount: nil, grid: grid, paddedTo: grid.roundedUpToClusters, progress: ConversionProgress())
  }

  /// An image whose disk must have `byteCount` bytes.
  fileprivate func imageDisk(of byteCount: UInt64) throws(ConversionError) -> any Disk {
    let disk = try imageDisk()
    guard disk.byteCount == byteCount else {
      throw ConversionError(file.name, .verificationFailed(byteOffset: min(disk.byteCount, byteCount)))
    }
    return disk
  }

  /// A raw file of `byteCount` bytes, or a device that may have more.
  fileprivate func rawDisk(ofExactly byteCount: UInt64) throws(ConversionError) -> any Disk {
    guard let diskFile else { throw ConversionError(file.name, .isStream) }
    guard diskFile.byteCount == byteCount || (diskFile.isDevice && diskFile.byteCount > byteCount) else {
      throw ConversionError(file.name, .verificationFailed(byteOffset: min(diskFile.byteCount, byteCount)))
    }
    return RawDisk(file: diskFile, byteCount: byteCount)
  }
}
