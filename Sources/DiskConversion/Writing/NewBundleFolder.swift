import ParallelsBundle
import ParallelsFormat
import StreamIO

/// The folder of a new bundle, which has a temporary name until it is complete.
final class NewBundleFolder: Sendable {
  /// The bundle as the user named it.
  private let name: String
  private let path: String
  private let temporaryPath: String
  private let replacing: Bool
  private let events: Events
  /// The names of the files in the folder.
  private let names: FileNames
  /// The file of the image, which stands for the whole folder.
  let image: OpenFile

  /// Makes a folder for a bundle at `output`, which `input` must not be read from.
  ///
  /// - Throws: `exists`, or `isNotBundle` if what exists is something else, even with `force`; `isInputToo`;
  ///   `bundleName`; `file` if it can't be made.
  init(
    _ output: Endpoint, besides input: DiskOpener, force: Bool, control: ConversionControl
  ) throws(ConversionError) {
    guard case .path(let name) = output else { throw ConversionError(output.name, .isStream) }
    self.name = name
    events = control.events
    let path = try converting(targetOfLinks(name.withoutFinalSlashes))
    self.path = path
    names = try FileNames(path, name: name)
    var status = stat()
    replacing = lstat(path, &status) == 0
    if replacing {
      guard force else { throw ConversionError(name, .exists) }
      guard status.st_mode & S_IFMT == S_IFDIR, BundleLocation.isBundle(path) else {
        throw ConversionError(name, .isNotBundle)
      }
      try input.refuseFiles(in: path)
    }
    temporaryPath = OutputFile.temporaryPath(for: path)
    try converting(makeDirectory(temporaryPath, name: name))
    do throws(FileError) {
      image = try OpenFile(creating: temporaryPath + "/" + names.image, name: name)
    } catch {
      removeTree(temporaryPath)
      throw ConversionError(error)
    }
  }

  /// The output that becomes the bundle.
  var output: OutputFile { OutputFile(image, fate: .inBundle(self)) }

  /// Writes all files but the image.
  func describe(
    _ bundle: NewBundle, disk: ImageGeometry, durably: Bool, events: Events
  ) throws(ConversionError) {
    if disk.byteCount < NewBundle.leastByteCount {
      events.report(.warning(path: name, "Parallels Desktop may refuse a disk of less than 64 MiB"))
    }
    let text = Array(bundle.descriptor(of: disk, name: names.disk, fileName: names.image).text.utf8)
    for (file, bytes) in [
      (BundleLocation.descriptorName, text), (BundleLocation.backupName, text), (names.stub, []),
    ] {
      try converting(write(bytes, to: file, durably: durably))
    }
  }

  private func write(_ bytes: [UInt8], to file: String, durably: Bool) throws(FileError) {
    let file = try OpenFile(creating: temporaryPath + "/" + file, name: name)
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(FileError) in try file.write(raw, at: 0) }
    if durably { try file.synchronize() }
    try file.close()
  }

  /// Gives the folder its name, replacing an old bundle in one step.
  func commit(durably: Bool) throws(FileError) {
    let parent = try durably ? OpenFile(directoryOf: path) : nil
    if durably { try OpenFile(directory: temporaryPath).synchronize() }
    if replacing {
      try FinalName.exchange(path, with: temporaryPath)
      if !removeTree(temporaryPath) {
        events.report(.warning(path: name, "the old bundle could not be removed: it is now '\(temporaryPath)'"))
      }
    } else {
      try FinalName.give(path, to: temporaryPath, replacing: false)
    }
    do throws(FileError) {
      try parent?.synchronize()
    } catch {
      // An old bundle can't be restored, so keep the new one, which is complete.
      if !replacing { removeTree(path) }
      throw error
    }
  }

  /// Removes the folder.
  func discard() { removeTree(temporaryPath) }

  /// The names of a bundle's files.
  private struct FileNames {
    let disk: String
    let image: String
    let stub: String

    /// - Throws: `bundleName` if they can't be names.
    init(_ path: String, name: String) throws(ConversionError) {
      let base = BundleLocation.baseName(of: path)
      guard !["", ".", ".."].contains(base) else { throw ConversionError(name, .bundleName("is not a name")) }
      guard base.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
        throw ConversionError(name, .bundleName("has control characters"))
      }
      let suffix = ".hdd"
      disk = base.lowercased().hasSuffix(suffix) && base.count > suffix.count ? String(base.dropLast(4)) : base
      image = "\(base).0.{\(BundleID.current)}.hds"
      stub = base
      let limit = longestName(in: BundleLocation.parent(of: path))
      guard image.utf8.count <= limit else {
        throw ConversionError(
          name, .bundleName("is too long: its image '\(image)' would have \(image.utf8.count) bytes of \(limit)"))
      }
    }
  }
}

extension String {
  fileprivate var withoutFinalSlashes: String {
    var path = self[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
    return String(path)
  }
}
