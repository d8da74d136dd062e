import ParallelsFormat
import StreamIO

/// Writes a new Parallels image of a disk.
struct ImageBuilder {
  let image: NewImage
  let resources: Resources
  private let sharingMode: SharingMode
  let target: TargetFile
  let control: ConversionControl
  let prepared: BuildingInput
  var input: DiskInput { prepared.disk }
  var grid: ExtentGrid { image.grid }

  /// Prepares to write the disk in `input` to `output`; `keepsExtension` if the input's dirty bitmaps are kept.
  init(
    _ image: NewImage, of input: DiskInput, to output: OpenFile, keepsExtension: Bool = false, sharing: SharingMode,
    resources: Resources, control: ConversionControl
  ) throws(ConversionError) {
    self.image = image
    self.resources = resources
    sharingMode = sharing
    self.control = control
    target = TargetFile(output, control: control)
    prepared = try BuildingInput(
      input, for: image, keepsExtension: keepsExtension, path: output.name, resources: resources)
  }

  /// Writes the whole image.
  func run() throws(ConversionError) -> WrittenImage {
    let size = input.byteCount
    let geometry = try geometry(of: size ?? 0)
    if let size { try check(size) }
    let sharing = try sharing()
    let plan = sharing == nil || image.bundle?.isPlain == true ? self.plan : .share
    control.events.report(.plan(plan.explanation))
    if !input.isCompressed { control.progress.expect(plan.expectedWork(diskByteCount: size, grid: grid)) }
    if size != nil, sharing == nil {
      control.events.warnOfSpace(forByteCount: expectedByteCount(of: geometry), in: target.file)
    }
    let written = try write(by: plan, sharing: sharing, geometry: geometry)
    try input.checkUnchanged(isError: plan == .lookThenStream)
    return written
  }

  /// Nil if the output does not share blocks with the input.
  private func sharing() throws(ConversionError) -> BlockSharing? {
    guard let sharing = try BlockSharing(target, mode: sharingMode, progress: control.progress) else { return nil }
    guard case .disk(let disk) = input.contents else {
      guard sharingMode == .auto else { throw ConversionError(input.name, .cannotShare("it is not a file")) }
      return nil
    }
    guard sharingMode == .auto, image.bundle?.isPlain != true else { return sharing }
    return try sharing.pays(for: disk, clusterByteCount: image.clusterByteCount) ? sharing : nil
  }

  var plan: BuildingPlan {
    guard image.bundle?.isPlain != true else { return .plain }
    return BuildingPlan.choose(
      inputSeekable: input.isSeekable, outputSeekable: target.file.isSeekable, knowsSize: input.byteCount != nil,
      storesZeros: image.storesZeros)
  }

  /// The expected length of the image in bytes, or a lower bound.
  ///
  /// With all zeros stored, it is the full length. Otherwise it is that of header and BAT, or of the data that the input
  /// stores (which may turn out to be zeros), whichever is larger.
  func expectedByteCount(of geometry: ImageGeometry) -> UInt64 {
    let head = geometry.firstHostCluster * geometry.clusterByteCount
    if case .all = prepared.stored { return head + geometry.clusterCount * geometry.clusterByteCount }
    return max(head, min(input.storedByteCount, geometry.clusterCount * geometry.clusterByteCount))
  }

  func geometry(of byteCount: UInt64) throws(ConversionError) -> ImageGeometry {
    try image.geometry(of: byteCount, carried: prepared.carried, path: target.name)
  }

  /// Warns if the new disk is longer than the input.
  ///
  /// - Throws: `isEmptyDisk` if a bundle can't hold it.
  func check(_ byteCount: UInt64) throws(ConversionError) {
    guard byteCount > 0 || image.bundle == nil else { throw ConversionError(input.name, .isEmptyDisk) }
    let missing = image.diskByteCount(for: byteCount) - byteCount
    guard missing > 0 else { return }
    let unit = image.bundle == nil ? "512" : "1 MiB"
    control.events.report(
      .warning(
        path: input.name,
        "its size (\(counted(byteCount, "byte"))) is not a multiple of \(unit): "
          + "padded with \(counted(missing, "zero byte"))"))
  }

  func verification(of written: WrittenImage) -> OutputVerification {
    OutputVerification(
      output: target.file, outputByteCount: written.byteCount, form: image.bundle?.isPlain == true ? .raw : .image,
      byteCount: written.geometry.byteCount, resources: resources, control: control)
  }

  func summary(of written: WrittenImage) -> ConversionSummary {
    ConversionSummary(
      from: input.name, to: target.name, disk: written.figures, outputByteCount: written.byteCount, control: control)
  }
}

/// The final properties of an image.
struct WrittenImage: Equatable, Sendable {
  var geometry: ImageGeometry
  var byteCount: UInt64
  var allocatedClusterCount: Int

  var figures: DiskFigures {
    DiskFigures(
      virtualByteCount: geometry.byteCount, clusterByteCount: geometry.clusterByteCount,
      clusterCount: geometry.clusterCount, allocatedClusterCount: allocatedClusterCount)
  }
}
