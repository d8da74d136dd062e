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
    if form == .gzip { return try decompressed(file) }
    let opener = try DiskOpener(.file(file), endpoint: .descriptor(file.descriptor), control: control)
    let disk = try form == .image ? opener.imageDisk(of: byteCount) : opener.rawDisk(ofExactly: byteCount)
    return DiskSource(disk, grid: .forCompression)
  }

  private func decompressed(_ file: OpenFile) throws(ConversionError) -> any ExtentSource {
    let compressed = LookaheadStream(FileStart(file, byteCount: outputByteCount))
    let gzip = try converting(GzipStream(compressed, path: file.name, shortcuts: resources.gzipShortcuts))
    let raw = RawStream(name: file.name, disk: LookaheadStream(gzip), gzip: gzip)
    let grid = ExtentGrid.forCompression
    return RawStreamSource(
      raw, diskByteCount: nil, grid: grid, paddedTo: grid.roundedUpToClusters, progress: ConversionProgress())
  }
}

/// The first bytes of a file, in order.
private final class FileStart: ByteStream {
  private let file: OpenFile
  private let byteCount: UInt64
  private var position: UInt64 = 0

  init(_ file: OpenFile, byteCount: UInt64) { (self.file, self.byteCount) = (file, byteCount) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let wanted = Int(min(UInt64(buffer.count), byteCount - position))
    let count = try file.read(into: buffer.part(..<wanted), at: position)
    position += UInt64(count)
    return count
  }
}

extension DiskOpener {
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
