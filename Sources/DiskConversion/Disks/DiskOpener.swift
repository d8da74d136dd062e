import ParallelsFormat
import StreamIO

/// Opens what the user named as a disk: the one place that looks at what it is.
struct DiskOpener {
  /// What the first bytes of a file say that it is.
  private enum Form {
    case parallels, gzip, raw
  }

  /// What the user named, open.
  let file: OpenFile
  private let control: ConversionControl
  private let policy: ReadingPolicy
  /// The file as it was when it was opened; nil for a pipe.
  private let diskFile: DiskFile?
  /// All bytes of the file, none of them taken yet.
  private let stream: LookaheadStream

  /// Opens `endpoint`; `policy` says what is done about a Parallels image that breaks a rule.
  ///
  /// - Throws: `file` when it cannot be opened.
  init(
    _ endpoint: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl
  ) throws(ConversionError) {
    file = try endpoint.openForReading()
    self.control = control
    self.policy = policy
    diskFile = try DiskFile(file, progress: control.progress)
    stream = LookaheadStream(file, interrupt: control.cancellation.interrupt)
  }

  /// Any disk: its first bytes decide what it is.
  func disk() throws(ConversionError) -> DiskInput {
    guard try form() != .parallels else { return try parallelsDisk() }
    do throws(ConversionError) {
      return try rawDisk()
    } catch {
      // An image in gzip: only raw disks may be compressed.
      throw error.cause == .isParallelsImage ? ConversionError(file.name, .isCompressed) : error
    }
  }

  /// A Parallels disk.
  ///
  /// - Throws: `isCompressed`, `format`, `header` or `entry` when the image is refused.
  func parallelsDisk() throws(ConversionError) -> DiskInput {
    guard diskFile == nil else {
      let disk = try imageDisk()
      return input(.disk(disk), image: disk.clusters)
    }
    guard try form() != .gzip else { throw ConversionError(file.name, .isCompressed) }
    let image = try ClusterStream(stream, name: file.name, policy: policy, control: control)
    return input(.image(image), image: image.clusters)
  }

  /// A Parallels disk that can be read at any place.
  ///
  /// - Throws: `isStream` for a pipe; `isCompressed`, `format`, `header` or `entry` when the image is refused.
  func imageDisk() throws(ConversionError) -> ImageDisk {
    let image = try imageFile()
    let disk = try ImageDisk(judging: image, policy: policy, events: control.events)
    // Guest data does not depend on the extension, so a damaged one is worth a warning and no more.
    control.events.warn(of: image.extensionProblems, path: file.name)
    return disk
  }

  /// A Parallels image as it stands.
  ///
  /// - Throws: `isStream` for a pipe; `isCompressed` or `format` when it is not a Parallels image.
  func imageFile() throws(ConversionError) -> ImageFile {
    guard let diskFile else { throw ConversionError(file.name, .isStream) }
    guard try form() != .gzip else { throw ConversionError(file.name, .isCompressed) }
    return try ImageFile(diskFile, stream: stream, progress: control.progress)
  }

  /// A raw disk, also in gzip; of `byteCount` bytes when that is known already.
  ///
  /// With `asIs`, it is raw data whatever it begins with.
  ///
  /// - Throws: `isParallelsImage`, `longerThan`, or `file` when it cannot be decompressed.
  func rawDisk(of byteCount: UInt64? = nil, asIs: Bool = false) throws(ConversionError) -> DiskInput {
    let contents = try asIs ? nil : decompressed()
    if let contents {
      if let diskFile { control.progress.follow(inputByteCount: diskFile.byteCount) }
      return input(.raw(contents, byteCount: byteCount))
    }
    guard let diskFile else {
      return input(.raw(RawStream(name: file.name, disk: stream, gzip: nil), byteCount: byteCount))
    }
    if let byteCount, diskFile.byteCount > byteCount {
      throw ConversionError(file.name, .longerThan(byteCount: byteCount))
    }
    let stored = min(diskFile.byteCount, try diskFile.storedByteCount())
    return input(.disk(RawDisk(file: diskFile, byteCount: byteCount ?? diskFile.byteCount)), storedByteCount: stored)
  }

  /// What gzip makes of the file, nil when it is not gzip; refuses what is not a raw disk.
  private func decompressed() throws(ConversionError) -> RawStream? {
    let form = try form()
    guard form != .parallels else { throw ConversionError(file.name, .isParallelsImage) }
    guard form == .gzip else { return nil }
    let gzip = try converting(GzipStream(stream, path: file.name))
    let disk = LookaheadStream(gzip)
    let start = try converting(disk.peek(Layout.magicByteCount))
    guard Layout(magicOf: start.span.bytes) == nil else { throw ConversionError(file.name, .isParallelsImage) }
    return RawStream(name: file.name, disk: disk, gzip: gzip)
  }

  private func input(
    _ contents: DiskInput.Contents, image: ClusterMap? = nil, storedByteCount: UInt64 = 0
  ) -> DiskInput {
    DiskInput(
      contents: contents, figures: image?.figures, storedByteCount: image?.dataByteCount ?? storedByteCount, file: file,
      diskFile: diskFile, control: control)
  }

  private func form() throws(ConversionError) -> Form {
    let start = try converting(stream.peek(Layout.magicByteCount))
    guard !start.starts(with: GzipStream.magic) else { return .gzip }
    return Layout(magicOf: start.span.bytes) == nil ? .raw : .parallels
  }
}
