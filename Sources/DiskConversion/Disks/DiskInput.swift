import ParallelsFormat
import StreamIO

/// A disk that was opened to be read from its start to its end.
struct DiskInput {
  /// How it can be read.
  enum Contents {
    /// At any place.
    case disk(any Disk)
    /// A Parallels image, as it comes through a pipe.
    case image(ClusterStream)
    /// Raw bytes, as they come through a pipe or out of gzip; their number when the user gave it.
    case raw(RawStream, byteCount: UInt64?)
  }

  let contents: Contents
  /// What a Parallels image has of the disk; nil for a raw one.
  let figures: DiskFigures?
  /// Bytes of the disk that are stored, zeros included; 0 for a raw disk that comes as a stream.
  let storedByteCount: UInt64
  /// What the user named, open.
  let file: OpenFile
  /// The same as it was when it was opened; nil for a pipe.
  let diskFile: DiskFile?
  let control: ConversionControl

  var name: String { file.name }

  /// Size of the disk, in bytes; nil when only the end of a stream can show it.
  var byteCount: UInt64? {
    switch contents {
    case .disk(let disk): disk.byteCount
    case .image(let image): image.clusters.header.virtualByteCount
    case .raw(_, let byteCount): byteCount
    }
  }

  /// Whether it can be read at any place.
  var isSeekable: Bool {
    guard case .disk = contents else { return false }
    return true
  }

  /// Whether the input is gzip.
  var isCompressed: Bool {
    guard case .raw(let stream, _) = contents else { return false }
    return stream.gzip != nil
  }

  /// How to read it for an output with or without offsets.
  func plan(outputSeekable: Bool) -> ReadingPlan {
    guard case .image(let image) = contents else { return .diskOrder }
    return ReadingPlan.choose(
      inputSeekable: false, outputSeekable: outputSeekable, inStreamOrder: image.clusters.inspection.isInStreamOrder,
      sharesClusters: image.clusters.sharesClusters)
  }

  /// The same disk, copied to a temporary file in `directory` if `plan` wants that.
  func copied(for plan: ReadingPlan, to directory: String) throws(ConversionError) -> DiskInput {
    guard plan == .spoolImage, case .image(let image) = contents else { return self }
    let disk = try image.copied(to: directory)
    return DiskInput(
      contents: .disk(disk), figures: disk.clusters.figures, storedByteCount: disk.clusters.dataByteCount, file: file,
      diskFile: diskFile, control: control)
  }

  /// The extents of the disk, and after it zeros up to the end of a cluster of `grid` if it is to be `padded`.
  ///
  /// An image in a pipe is read by `plan`; clusters that come early wait in `temporaryDirectory`.
  func source(
    _ plan: ReadingPlan, grid: ExtentGrid, padded: Bool = false, temporaryDirectory: String
  ) throws(ConversionError) -> any ExtentSource {
    switch contents {
    case .disk(let disk):
      return DiskSource(disk, upTo: padded ? grid.roundedUpToClusters(disk.byteCount) : nil, grid: grid)
    case .raw(let stream, let byteCount):
      return RawStreamSource(stream, diskByteCount: byteCount, grid: grid, progress: control.progress)
    case .image(let image) where plan == .fileOrder: return ImageStreamSource(image, grid: grid)
    case .image(let image):
      let spool = plan == .spoolEarlyClusters ? try image.spool(in: temporaryDirectory, grid: grid) : nil
      return ImageDiskOrderSource(image, grid: grid, spool: spool)
    }
  }

  /// Reports that somebody wrote to the file while it was read.
  ///
  /// - Throws: `changed`, when that `isError`; else it is a warning.
  func checkUnchanged(isError: Bool) throws(ConversionError) {
    guard let diskFile, try diskFile.wasChanged() else { return }
    guard !isError else { throw ConversionError(name, .changed) }
    control.events.warnOfChange(of: name)
  }
}
