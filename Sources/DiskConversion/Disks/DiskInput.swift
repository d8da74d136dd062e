import ParallelsFormat
import StreamIO

/// A disk that was opened to be read from start to end.
struct DiskInput {
  /// How the disk can be read.
  enum Contents {
    /// At any offset.
    case disk(any Disk)
    /// As a Parallels image that comes through a pipe.
    case image(ClusterStream)
    /// As raw bytes from a pipe or from gzip, with their number if the user gave it.
    case raw(RawStream, byteCount: UInt64?)
  }

  let contents: Contents
  /// Sizes of a Parallels image; nil for a raw disk.
  let figures: DiskFigures?
  /// The image whose format extension is about the disk: the input itself, or the topmost of a bundle; nil for any other
  /// input.
  var image: ImageFile? = nil
  /// Bytes of the disk that are stored, including zeros; 0 for a raw disk that comes as a stream.
  let storedByteCount: UInt64
  /// The input as the user named it, or "stdin".
  let name: String
  /// The files that the disk is read from, with their states at the time of opening; none for a pipe.
  var files: [DiskFile]
  let control: ConversionControl

  /// Size of the disk, in bytes; nil if it is known only at the end of a stream.
  var byteCount: UInt64? {
    switch contents {
    case .disk(let disk): disk.byteCount
    case .image(let image): image.clusters.header.virtualByteCount
    case .raw(_, let byteCount): byteCount
    }
  }

  /// Whether it can be read at any offset.
  var isSeekable: Bool {
    guard case .disk = contents else { return false }
    return true
  }

  /// The layout of the image, or of the topmost one; nil if there is none.
  var layout: Layout? {
    guard case .image(let image) = contents else { return image?.header.layout }
    return image.clusters.header.layout
  }

  var isCompressed: Bool {
    guard case .raw(let stream, _) = contents else { return false }
    return stream.gzip != nil
  }

  /// The plan for reading it, given whether the output has offsets and whether the extension is needed, too.
  func plan(outputSeekable: Bool, keepsExtension: Bool = false) -> ReadingPlan {
    guard case .image(let image) = contents else { return .diskOrder }
    if keepsExtension, image.clusters.header.extensionOffsetSectors != 0 { return .spoolExtension }
    return ReadingPlan.choose(
      inputSeekable: false, outputSeekable: outputSeekable, inStreamOrder: image.clusters.inspection.isInStreamOrder,
      sharesClusters: image.clusters.sharesClusters)
  }

  /// The same disk, copied to a temporary file in `directory` if `plan` requires it.
  func copied(for plan: ReadingPlan, to directory: String) throws(ConversionError) -> DiskInput {
    guard plan == .spoolImage || plan == .spoolExtension, case .image(let image) = contents else { return self }
    let (disk, file) = try image.copied(to: directory)
    return DiskInput(
      contents: .disk(disk), figures: disk.clusters.figures, image: file,
      storedByteCount: disk.clusters.dataByteCount, name: name, files: files, control: control)
  }

  /// The extents of the disk, followed by zeros up to the end that `padding` gives for its size, if there is one.
  ///
  /// An image in a pipe is read according to `plan`; clusters that come too early wait in `temporaryDirectory`.
  func source(
    _ plan: ReadingPlan, grid: ExtentGrid, paddedTo padding: (@Sendable (UInt64) -> UInt64)? = nil,
    temporaryDirectory: String
  ) throws(ConversionError) -> any ExtentSource {
    switch contents {
    case .disk(let disk):
      return DiskSource(disk, upTo: padding?(disk.byteCount), grid: grid)
    case .raw(let stream, let byteCount):
      return RawStreamSource(
        stream, diskByteCount: byteCount, grid: grid, paddedTo: padding ?? grid.roundedUpToClusters,
        progress: control.progress)
    case .image(let image) where plan == .fileOrder: return ImageStreamSource(image, grid: grid)
    case .image(let image):
      let spool = plan == .spoolEarlyClusters ? try image.spool(in: temporaryDirectory, grid: grid) : nil
      let end = image.clusters.header.virtualByteCount
      return ImageDiskOrderSource(image, upTo: padding?(end) ?? end, grid: grid, spool: spool)
    }
  }

  /// Whether a file of the input was written to since it was opened.
  func wasChanged() throws(ConversionError) -> Bool {
    for file in files where try file.wasChanged() { return true }
    return false
  }

  /// Reports whether the input was written to while it was read.
  ///
  /// - Throws: `changed` if that `isError`; otherwise it is a warning.
  func checkUnchanged(isError: Bool) throws(ConversionError) {
    for file in files where try file.wasChanged() {
      guard !isError else { throw ConversionError(file.name, .changed) }
      control.events.warnOfChange(of: file.name)
    }
  }
}
