import ParallelsFormat
import StreamIO

/// Opens an input as a disk.
///
/// Nothing else detects the format of an input.
struct DiskOpener {
  /// The format that the first bytes of a file indicate.
  private enum Form: Equatable {
    case parallels, gzip, raw
    case foreign(ForeignFormat)
  }

  /// The input; of a bundle, its descriptor.
  let file: InputFile
  /// The bundle that the user named; nil for a file.
  let bundle: BundleFolder?
  private let endpoint: Endpoint
  private let control: ConversionControl
  private let policy: ReadingPolicy
  /// The input file with its state at the time of opening; nil for a pipe.
  private let diskFile: DiskFile?
  /// The file as a stream from its beginning: detecting the format takes no bytes from it.
  private let stream: LookaheadStream

  /// Opens `endpoint`; `policy` decides about Parallels images that break a rule.
  ///
  /// - Throws: `file` if it can't be opened; `hasNoSnapshots` if a state is chosen of something other than a bundle.
  init(
    _ endpoint: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl
  ) throws(ConversionError) {
    let bundle = try endpoint.openBundle(policy)
    guard bundle != nil || policy.snapshot == nil else { throw ConversionError(endpoint.inputName, .hasNoSnapshots) }
    if let descriptor = bundle?.descriptorFile.file {
      try self.init(.file(descriptor), endpoint: endpoint, bundle: bundle, policy: policy, control: control)
    } else {
      try self.init(endpoint.openForReading(), endpoint: endpoint, policy: policy, control: control)
    }
  }

  /// Takes an open `file`, which `endpoint` means.
  init(
    _ file: InputFile, endpoint: Endpoint, bundle: BundleFolder? = nil, policy: ReadingPolicy = ReadingPolicy(),
    control: ConversionControl
  ) throws(ConversionError) {
    self.file = file
    self.endpoint = endpoint
    self.bundle = bundle
    self.control = control
    self.policy = policy
    diskFile = try file.diskFile(control.progress)
    stream = file.stream(control)
  }

  /// - Throws: `cannotVerify` if the input can't be read a second time.
  func checkReadableAgain() throws(ConversionError) {
    guard diskFile != nil else {
      throw ConversionError(
        file.name, .cannotVerify("it is not a file or a disk, so it can be read only once"))
    }
  }

  /// A disk that this opener opened, from its start once more; the input must be seekable.
  func again(_ disk: DiskInput, shortcuts: GzipShortcuts) throws(ConversionError) -> DiskInput {
    guard case .raw(_, let byteCount) = disk.contents else { return disk }
    var again = try DiskOpener(file, endpoint: endpoint, policy: policy, control: control)
      .rawDisk(of: byteCount, shortcuts: shortcuts)
    // Their state is that of the first time.
    again.files = disk.files
    return again
  }

  /// Opens any disk, detecting its format; with `asIs`, whatever is not a Parallels image is raw.
  func disk(asIs: Bool = false, shortcuts: GzipShortcuts = GzipShortcuts(threadCount: 2)) throws(ConversionError)
    -> DiskInput
  {
    guard bundle == nil else { return try parallelsDisk() }
    guard try form() != .parallels else { return try parallelsDisk() }
    do throws(ConversionError) {
      return try rawDisk(asIs: asIs, shortcuts: shortcuts)
    } catch {
      // A Parallels image in gzip: only raw disks may be compressed.
      throw error.cause == .isParallelsImage ? ConversionError(file.name, .isCompressed) : error
    }
  }

  /// Opens a Parallels image.
  ///
  /// - Throws: `isPartOfBundle`, `isForeign`, `isCompressed`, `format`, `header` or `entry` if the image is refused.
  func parallelsDisk() throws(ConversionError) -> DiskInput {
    if let disk = try bundleDisk() { return disk }
    guard diskFile == nil else {
      try refusePart()
      let (disk, image) = try judgedImage()
      return input(.disk(disk), clusters: disk.clusters, image: image)
    }
    try refuseOthers()
    let image = try ClusterStream(stream, name: file.name, policy: policy, control: control)
    return input(.image(image), clusters: image.clusters)
  }

  /// Opens the disk of the bundle that the user named; nil for a file.
  private func bundleDisk() throws(ConversionError) -> DiskInput? {
    guard let bundle else { return nil }
    let state = try BundleState(policy.snapshot, of: bundle, control: control)
    let disk = try BundleDisk(state, policy: policy, events: control.events)
    return DiskInput(
      contents: .disk(disk), figures: disk.figures, image: state.topImage, storedByteCount: disk.storedByteCount,
      name: bundle.name, files: disk.files, control: control)
  }

  /// Opens a Parallels image or a bundle for reading at any offset.
  ///
  /// - Throws: `isStream` for a pipe; the errors of `parallelsDisk`.
  func seekableDisk() throws(ConversionError) -> DiskInput {
    let input = try parallelsDisk()
    guard input.isSeekable else { throw ConversionError(file.name, .isStream) }
    return input
  }

  /// Opens a Parallels image for reading at any offset.
  ///
  /// - Throws: `isStream` for a pipe; `isCompressed`, `format`, `header` or `entry` if the image is refused.
  func imageDisk() throws(ConversionError) -> ImageDisk { try judgedImage().0 }

  private func judgedImage() throws(ConversionError) -> (ImageDisk, ImageFile) {
    let image = try imageFile()
    let disk = try ImageDisk(judging: image, policy: policy, events: control.events)
    // Guest data does not depend on the extension, so a damaged one deserves only a warning.
    control.events.warn(of: image.extensionProblems, path: file.name)
    return (disk, image)
  }

  /// Opens a Parallels image without judging it.
  ///
  /// - Throws: `isStream` for a pipe; `isForeign`, `isCompressed` or `format` if it is not a Parallels image.
  func imageFile() throws(ConversionError) -> ImageFile {
    guard bundle == nil else { throw ConversionError(endpoint.inputName, .isBundle) }
    guard let diskFile else { throw ConversionError(file.name, .isStream) }
    try refuseOthers()
    return try ImageFile(diskFile, stream: stream, progress: control.progress)
  }

  /// Opens a raw disk, possibly in gzip; `byteCount` is its size in bytes if known.
  ///
  /// If `asIs` is true, any input is treated as raw data, even gzip or a Parallels image. With `readsHoles`, the file
  /// system is not asked for holes.
  ///
  /// - Throws: `isParallelsImage`, `isForeign`, `isEmpty`, `longerThan`, or `file` if it can't be decompressed.
  func rawDisk(
    of byteCount: UInt64? = nil, asIs: Bool = false, readsHoles: Bool = false,
    shortcuts: GzipShortcuts = GzipShortcuts(threadCount: 2)
  ) throws(ConversionError) -> DiskInput {
    guard bundle == nil else { throw ConversionError(file.name, .isForeign(.descriptor)) }
    let contents = try asIs ? nil : decompressed(shortcuts)
    if diskFile == nil || contents != nil, byteCount == nil { try refuseEmpty(contents?.disk ?? stream) }
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
    let disk = RawDisk(file: diskFile, byteCount: byteCount ?? diskFile.byteCount, readsHoles: readsHoles)
    return input(.disk(disk), storedByteCount: stored)
  }

  /// The decompressed file, or nil if it is not gzip; refuses what is not a raw disk.
  private func decompressed(_ shortcuts: GzipShortcuts) throws(ConversionError) -> RawStream? {
    let form = try form()
    guard form == .gzip else {
      try refuse(form)
      try refuse(formOfEnd())
      return nil
    }
    let gzip = try converting(GzipStream(stream, path: file.name, shortcuts: shortcuts))
    let disk = LookaheadStream(gzip)
    try refuse(Self.form(of: disk))
    return RawStream(name: file.name, disk: disk, gzip: gzip)
  }

  /// Refuses, as a raw disk, what has another form.
  private func refuse(_ form: Form) throws(ConversionError) {
    switch form {
    case .parallels: throw ConversionError(file.name, .isParallelsImage)
    case .foreign(let format): throw ConversionError(file.name, .isForeign(format))
    case .gzip, .raw: break
    }
  }

  /// Refuses, as a Parallels image, what has another form that is known.
  private func refuseOthers() throws(ConversionError) {
    switch try form() {
    case .gzip: throw ConversionError(file.name, .isCompressed)
    case .foreign(let format): throw ConversionError(file.name, .isForeign(format))
    case .parallels, .raw: break
    }
  }

  /// Refuses an image that is not a disk by itself, unless the policy reads it alone; warns of what may be none.
  func refusePart() throws(ConversionError) {
    guard bundle == nil, !policy.readsAlone, case .path(let path) = endpoint, let file = file.file else { return }
    switch try BundlePart(file, at: path) {
    case .whole: break
    case .part(let bundle): throw ConversionError(file.name, .isPartOfBundle(bundle))
    case .root(let bundle):
      let text = "is the oldest state of a bundle, on which later ones build: for the current one, name \(bundle)"
      control.events.report(.warning(path: file.name, text))
    case .unknown(let reason):
      let text = "the descriptor beside it \(reason): if the image is a snapshot, most of its data is elsewhere"
      control.events.report(.warning(path: file.name, text))
    }
  }

  /// Refuses to replace a folder with these files if one of them is the input, or an image of it.
  func refuseFiles(_ names: [String], in folder: String) throws(ConversionError) {
    let identities = names.compactMap { OpenFile.identity(ofPath: folder + "/" + $0) }
    guard !identities.contains(where: { $0 == file.file?.identity }), bundle?.image(in: identities) == nil else {
      throw ConversionError(file.name, .isInputToo)
    }
  }

  /// Refuses a stream without any bytes: its sender has probably failed.
  private func refuseEmpty(_ stream: LookaheadStream) throws(ConversionError) {
    guard try converting(stream.peek(1)).isEmpty else { return }
    throw ConversionError(file.name, .isEmpty)
  }

  private func input(
    _ contents: DiskInput.Contents, clusters: ClusterMap? = nil, image: ImageFile? = nil, storedByteCount: UInt64 = 0
  ) -> DiskInput {
    DiskInput(
      contents: contents, figures: clusters?.figures, image: image,
      storedByteCount: clusters?.dataByteCount ?? storedByteCount, name: file.name, files: diskFile.map { [$0] } ?? [],
      control: control)
  }

  private func form() throws(ConversionError) -> Form { try Self.form(of: stream) }

  private static func form(of stream: LookaheadStream) throws(ConversionError) -> Form {
    let start = try converting(stream.peek(ForeignFormat.startByteCount))
    guard !start.starts(with: GzipStream.magic) else { return .gzip }
    guard Layout(magicOf: start.span.bytes) == nil else { return .parallels }
    return ForeignFormat(start: start).map { .foreign($0) } ?? .raw
  }

  private func formOfEnd() throws(ConversionError) -> Form {
    let byteCount = ForeignFormat.endByteCount
    guard let diskFile, diskFile.byteCount >= UInt64(byteCount) else { return .raw }
    return try withBuffer(byteCount: byteCount) { (end) throws(ConversionError) in
      let count = try converting(file.read(into: end, at: diskFile.byteCount - UInt64(byteCount)))
      return ForeignFormat(end: Array(end[..<count])).map { .foreign($0) } ?? .raw
    }
  }
}
