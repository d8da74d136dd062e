import ParallelsFormat
import StreamIO

/// A Parallels image to be read: its header and table, judged, and the source of its extents.
///
/// The counterpart of `RawInput`.
struct ImageInput {
  private(set) var image: ParallelsImage
  private let file: OpenFile
  private let stream: LookaheadStream
  private let policy: ReadingPolicy
  private let control: ConversionControl
  private let watch: ChangeWatch

  /// Reads what stands before the data, from the start of `stream`, which has the bytes of `file`.
  init(
    _ file: OpenFile, stream: LookaheadStream, policy: ReadingPolicy, control: ConversionControl
  ) throws(ConversionError) {
    self.file = file
    self.stream = stream
    self.policy = policy
    self.control = control
    watch = try ChangeWatch(file)
    let fileByteCount = try converting { () throws(FileError) in try file.byteCount() }
    image = try ParallelsImage(
      reading: stream, path: file.name, fileByteCount: fileByteCount, policy: policy, control: control)
    if let fileByteCount { try warnOfExtension(in: file, fileByteCount: fileByteCount) }
  }

  /// Whether the output, with or without offsets, can be written from this image, and how.
  func plan(outputSeekable: Bool) -> ParallelsToRawPlan {
    ParallelsToRawPlan.choose(
      inputSeekable: file.isSeekable, outputSeekable: outputSeekable,
      inStreamOrder: image.inspection.isInStreamOrder, sharesClusters: image.sharesClusters)
  }

  /// The disk in an image that lies in a file.
  var segments: ImageSegments { ImageSegments(file: file, image: image, control: control) }

  /// The extents of the disk, by `plan`; temporary files go to `temporaryDirectory`.
  mutating func source(
    _ plan: ParallelsToRawPlan, grid: ExtentGrid, temporaryDirectory: String
  ) throws(ConversionError) -> any ExtentSource {
    let clusters = ClusterStream(stream, path: file.name, image: image, policy: policy, control: control)
    switch plan {
    case .diskOrder:
      return ImageFileSource(segments, grid: grid)
    case .fileOrder:
      return ImageStreamSource(clusters, image: image, grid: grid)
    case .diskOrderStream:
      return ImageDiskOrderSource(clusters, image: image, grid: grid, spool: nil)
    case .spoolEarlyClusters:
      let spool = try converting { () throws(FileError) in try OpenFile.spool(in: temporaryDirectory) }
      return ImageDiskOrderSource(clusters, image: image, grid: grid, spool: spool)
    case .spoolImage:
      let spool = try converting { () throws(FileError) in try OpenFile.spool(in: temporaryDirectory) }
      return try sourceOfCopy(in: spool, grid: grid)
    }
  }

  /// Copies the rest of the image to a temporary file, at the offsets it has in the stream, and reads it from there.
  ///
  /// Then the size of its file is known, so the image is judged again.
  private mutating func sourceOfCopy(
    in spool: OpenFile, grid: ExtentGrid
  ) throws(ConversionError) -> any ExtentSource {
    let slot = Slot(byteCount: Int(ExtentGrid.copiedByteLimit))
    while true {
      let position = stream.position
      let count: Int
      do throws(FileError) {
        count = try stream.read(into: slot.buffer)
      } catch {
        throw ConversionError(error)
      }
      let bytes = UnsafeRawBufferPointer(rebasing: slot.buffer[..<count])
      try converting { () throws(FileError) in try spool.write(bytes, at: position) }
      guard count == slot.buffer.count else { break }
    }
    image = try image.judgedAgain(
      fileByteCount: stream.position, path: file.name, policy: policy, control: control)
    try warnOfExtension(in: spool, fileByteCount: stream.position)
    return ImageFileSource(ImageSegments(file: spool, image: image, control: control), grid: grid)
  }

  /// Says so when somebody wrote to the file while it was read.
  func checkUnchanged(isError: Bool) throws(ConversionError) { try watch.check(isError: isError, control: control) }

  private func warnOfExtension(in readable: OpenFile, fileByteCount: UInt64) throws(ConversionError) {
    guard let found = try image.header.readExtension(from: readable, fileByteCount: fileByteCount) else { return }
    control.warn(of: image.header.problems(of: found, fileByteCount: fileByteCount), path: file.name)
  }
}
