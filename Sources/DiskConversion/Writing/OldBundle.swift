import ParallelsBundle
import StreamIO

/// An existing bundle that a new one will replace.
///
/// A folder is replaced only if prlconv knows what is lost: the files of a bundle, and nothing added later.
struct OldBundle {
  private let path: String
  private let name: String
  private let identity: OpenFile.Identity?
  private let names: [String]

  /// Looks at the folder at `path`, which messages call `name`.
  ///
  /// - Throws: `isNotBundle` if it is anything else, or has folders in it; `isInputToo` if `input` is read from it; `file`
  ///   if replacing it would fail, as far as that can be known.
  init(_ path: String, name: String, besides input: DiskOpener) throws(ConversionError) {
    self.path = path
    self.name = name
    guard Self.isBundle(path) else { throw ConversionError(name, .isNotBundle) }
    identity = OpenFile.identity(ofPath: path)
    names = try Self.names(in: path)
    var status = stat()
    for file in names where lstat(path + "/" + file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
      throw ConversionError(name, .isNotBundle)
    }
    try input.refuseFiles(names, in: path)
    _ = try converting(ReplacedFile(path, name: name))
  }

  /// Whether the folder has the descriptor of a disk, readable or not.
  private static func isBundle(_ path: String) -> Bool {
    do throws(ConversionError) {
      _ = try BundleFolder(path, name: path, allowsExternal: false)
      return true
    } catch {
      guard case .bundle(let problem) = error.cause else { return false }
      return problem.kind != .xml && problem.kind != .version
    }
  }

  private static func names(in path: String) throws(ConversionError) -> [String] {
    try converting(OpenFile(directory: path).names()).sorted()
  }

  /// Gives the owner, mode, ACL and security label of the folder to `folder`, and those of its descriptor to `files`;
  /// returns what could not be kept.
  ///
  /// - Throws: `changed` if it is another folder by now; `file`.
  func giveProperties(to folder: OpenFile, _ files: [OpenFile]) throws(ConversionError) -> Set<String> {
    guard try isUnchanged(at: path) else { throw ConversionError(name, .changed) }
    let descriptor = [BundleLocation.descriptorName, BundleLocation.backupName].first(where: names.contains)
    let like = path + "/" + (descriptor ?? ".")
    var lost = Set(try converting(ReplacedFile(path, name: name)).giveProperties(to: folder))
    for file in files { lost.formUnion(try converting(ReplacedFile(like, name: name)).giveProperties(to: file)) }
    return lost
  }

  /// Exchanges the folder with the one at `newPath`, and removes it; returns false if something of it is left there.
  ///
  /// - Throws: `changed` if it is another folder by now, or has other files; `file` if the system can't exchange them.
  func exchange(with newPath: String) throws(ConversionError) -> Bool {
    guard try isUnchanged(at: path) else { throw ConversionError(name, .changed) }
    try converting(FinalName.exchange(path, with: newPath))
    guard (try? isUnchanged(at: newPath)) ?? false else {
      try converting(FinalName.exchange(path, with: newPath))
      throw ConversionError(name, .changed)
    }
    return removeDirectory(newPath, with: names)
  }

  private func isUnchanged(at path: String) throws(ConversionError) -> Bool {
    guard OpenFile.identity(ofPath: path) == identity else { return false }
    return try Self.names(in: path) == names
  }
}
