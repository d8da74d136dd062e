import ParallelsBundle
import ParallelsFormat
import StreamIO

/// The folder of a new bundle, which has a temporary name until it is complete.
final class NewBundleFolder: UnfinishedOutput {
  private enum State { case planned, unfinished, committed, discarded }

  /// The bundle as the user named it.
  private let name: String
  private let path: String
  private let temporaryPath: String
  private let names: BundleNames
  /// The bundle that it replaces; nil if there is none.
  private let old: OldBundle?
  private let events: Events
  /// One thread may complete the folder while another, which has to end the process, wants to remove it.
  private let state = Locked(State.planned, label: "prlconv.bundle")

  /// Plans a folder for a bundle at `output`, which `input` must not be read from.
  ///
  /// - Throws: `exists`, or `isNotBundle` if what exists is something else, even with `force`; `isInputToo`;
  ///   `bundleName`; `file`.
  init(
    _ output: Endpoint, besides input: DiskOpener, force: Bool, control: ConversionControl
  ) throws(ConversionError) {
    guard case .path(let name) = output else {
      if case .reader = output { throw ConversionError(output.name, .isReader) }
      throw ConversionError(output.name, .isStream)
    }
    self.name = name
    events = control.events
    let link = name.withoutFinalSlashes
    path = try converting(targetOfLinks(link))
    names = try BundleNames(path, name: name)
    var status = stat()
    // A dangling link also counts as existing.
    guard force || lstat(link, &status) != 0 else { throw ConversionError(name, .exists) }
    old = lstat(path, &status) == 0 ? try OldBundle(path, name: name, besides: input) : nil
    temporaryPath = OutputFile.temporaryPath(for: path)
  }

  /// Makes the folder and the file of its image, which stands for the whole folder.
  func open() throws(ConversionError) -> OutputFile {
    try perform(during: .planned, becoming: .unfinished) { () throws(ConversionError) in
      try converting(makeDirectory(temporaryPath, name: name))
    }
    do throws(ConversionError) {
      let image = try perform(during: .unfinished) { () throws(ConversionError) in
        try converting(OpenFile(creating: temporaryPath + "/" + names.image, name: name))
      }
      return OutputFile(image, fate: .inBundle(self))
    } catch {
      discard()
      throw error
    }
  }

  /// Writes all files but the image, which is open as `image`; if `durably`, waits until they are on the disk.
  func describe(
    _ bundle: NewBundle, disk: ImageGeometry, image: OpenFile, durably: Bool
  ) throws(ConversionError) {
    if disk.byteCount < NewBundle.leastByteCount {
      events.report(.warning(path: name, "Parallels Desktop may refuse a disk of less than 64 MiB"))
    }
    let text = Array(bundle.descriptor(of: disk, name: names.disk, fileName: names.image).text.utf8)
    var files: [OpenFile] = []
    for (file, bytes) in [
      (BundleLocation.descriptorName, text), (BundleLocation.backupName, text), (names.stub, []),
    ] {
      files.append(
        try perform(during: .unfinished) { () throws(ConversionError) in try converting(write(bytes, to: file)) })
    }
    let folder = try converting(OpenFile(directory: temporaryPath))
    if let lost = try old?.giveProperties(to: folder, files + [image]), !lost.isEmpty {
      let list = lost.sorted().joined(separator: ", ")
      events.report(.warning(path: name, "the new bundle does not keep the \(list) of the old one"))
    }
    for file in files {
      if durably { try converting(file.synchronize()) }
      try converting(file.close())
    }
    if durably { try converting(folder.synchronize()) }
  }

  private func write(_ bytes: [UInt8], to file: String) throws(FileError) -> OpenFile {
    let file = try OpenFile(creating: temporaryPath + "/" + file, name: name)
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(FileError) in try file.write(raw, at: 0) }
    return file
  }

  /// Gives the folder its name, replacing an old bundle in one step.
  ///
  /// - Throws: `cancelled` if it was removed; `exists` or `changed` if something else has the name by now; `file`.
  func commit(durably: Bool) throws(ConversionError) {
    let parent = try durably ? converting(OpenFile(directoryOf: path)) : nil
    try perform(during: .unfinished, becoming: .committed) { () throws(ConversionError) in try giveName() }
    do throws(FileError) {
      try parent?.synchronize()
    } catch {
      // An old bundle can't be restored, so keep the new one, which is complete.
      if old == nil { removeDirectory(path, with: names.all) }
      throw ConversionError(error)
    }
  }

  private func giveName() throws(ConversionError) {
    guard let old else { return try converting(FinalName.give(path, to: temporaryPath, replacing: false)) }
    if try !old.exchange(with: temporaryPath) {
      events.report(.warning(path: name, "the old bundle could not be removed: it is now '\(temporaryPath)'"))
    }
  }

  /// Removes the folder, unless it has its name already, or waits until another thread has done so.
  func discard() {
    state.with { state in
      if state == .unfinished { removeDirectory(temporaryPath, with: names.all) }
      if state != .committed { state = .discarded }
    }
  }

  /// Performs a step that must not be mixed with `discard`.
  private func perform<Result>(
    during now: State, becoming next: State? = nil, _ step: () throws(ConversionError) -> Result
  ) throws(ConversionError) -> Result {
    let result = state.with { state -> Swift.Result<Result, ConversionError> in
      guard state == now else { return .failure(.cancelled) }
      let result = Swift.Result<Result, ConversionError> { () throws(ConversionError) in try step() }
      if case .success = result { state = next ?? now }
      return result
    }
    return try result.get()
  }
}

extension String {
  fileprivate var withoutFinalSlashes: String {
    var path = self[...]
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path = path.dropLast() }
    return String(path)
  }
}
