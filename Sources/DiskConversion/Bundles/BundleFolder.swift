import ParallelsBundle
import StreamIO

/// The folder of a bundle, through which its files are opened, and what its descriptor says.
///
/// Nothing outside the folder is opened, no link in it is followed, and what is not a regular file is refused without
/// waiting for it.
final class BundleFolder: Sendable {
  /// The bundle as the user named it.
  let name: String
  let descriptor: DiskDescriptor
  let tree: SnapshotTree
  /// The file that the descriptor was read from.
  let descriptorFile: DiskFile
  /// What is wrong with the bundle although its disk can be read.
  let warnings: [BundleProblem]
  private let directory: OpenFile
  private let path: String
  private let allowsExternal: Bool

  /// Opens the bundle in the folder at `path`; messages call it `name`.
  ///
  /// - Throws: `file` if it can't be opened; `bundle` if its descriptor is refused.
  init(_ path: String, name: String, allowsExternal: Bool) throws(ConversionError) {
    self.name = name
    self.path = path
    self.allowsExternal = allowsExternal
    directory = try converting(OpenFile(directory: path))
    var warnings: [BundleProblem] = []
    var bytes: [UInt8] = []
    (descriptorFile, bytes) = try Self.readDescriptor(in: directory, path: path, warnings: &warnings)
    descriptor = try convertingBundle(name, DiskDescriptor(parsing: bytes))
    tree = SnapshotTree(descriptor)
    self.warnings = warnings
  }

  /// The descriptor, or its backup if that is missing or empty.
  private static func readDescriptor(
    in directory: OpenFile, path: String, warnings: inout [BundleProblem]
  ) throws(ConversionError) -> (DiskFile, [UInt8]) {
    let missing: ConversionError
    do throws(ConversionError) {
      let found = try read(BundleLocation.descriptorName, in: directory, path: path)
      guard found.1.isEmpty else { return found }
      missing = ConversionError(found.0.name, .bundle(BundleProblem(.xml, "it is empty")))
    } catch {
      guard case .file(let file) = error.cause, file.code == ENOENT else { throw error }
      missing = error
    }
    guard let found = try? read(BundleLocation.backupName, in: directory, path: path) else { throw missing }
    warnings.append(BundleProblem(.backup, "its descriptor is missing or empty: the backup was read instead"))
    return found
  }

  private static func read(
    _ name: String, in directory: OpenFile, path: String
  ) throws(ConversionError) -> (DiskFile, [UInt8]) {
    let file = try converting(OpenFile(regular: name, in: directory, path: path))
    guard let diskFile = try DiskFile(file, progress: nil) else { throw ConversionError(file.name, .isStream) }
    let bytes = try withBuffer(byteCount: DiskDescriptor.byteLimit + 1) { (buffer) throws(ConversionError) in
      let count = try converting(file.read(into: buffer, at: 0))
      return Array(buffer[..<count])
    }
    return (diskFile, bytes)
  }

  /// Opens the file of an image.
  ///
  /// - Throws: `bundle` if its name leads out of the folder; `file` if it is not a regular file that can be read.
  func open(_ image: DiskDescriptor.Image) throws(ConversionError) -> OpenFile {
    let base = BundleLocation.baseName(of: image.file)
    guard base != image.file else { return try converting(OpenFile(regular: base, in: directory, path: path)) }
    // Another folder's name is often only where the bundle once was.
    if !["", ".", ".."].contains(base), let file = try? OpenFile(regular: base, in: directory, path: path) {
      return file
    }
    guard allowsExternal else {
      throw ConversionError(name, .bundle(BundleProblem(.file, "image '\(image.file)' is outside the bundle")))
    }
    let isAbsolute = image.file.utf8.first == UInt8(ascii: "/")
    return try converting(OpenFile(regular: isAbsolute ? image.file : path + "/" + image.file))
  }

  /// Refuses an output in the folder, or one that is an image of the bundle elsewhere: nothing is ever written into a
  /// bundle that is read.
  func refuseOutput(_ output: Endpoint) throws(ConversionError) {
    let identity: OpenFile.Identity?
    switch output {
    case .path(let path):
      let target = (try? targetOfLinks(path)) ?? path
      identity = OpenFile.identity(ofPath: path)
      guard OpenFile.identity(ofPath: BundleLocation.parent(of: target)) != directory.identity else {
        throw ConversionError(path, .isInputToo)
      }
    case .standardStream: identity = try refuseRedirection(STDOUT_FILENO)
    case .descriptor(let number): identity = try refuseRedirection(number)
    case .reader: identity = nil
    }
    guard let identity else { return }
    guard identity != directory.identity else { throw ConversionError(name, .isInputToo) }
    if let file = image(in: [identity]) { throw ConversionError(file.name, .isInputToo) }
  }

  /// Refuses an open file in the folder; returns the file's identity.
  private func refuseRedirection(_ descriptor: CInt) throws(ConversionError) -> OpenFile.Identity? {
    let identity = OpenFile.identity(ofDescriptor: descriptor)
    for name in try converting(directory.names()) where OpenFile.identity(ofPath: path + "/" + name) == identity {
      throw ConversionError(path + "/" + name, .isInputToo)
    }
    return identity
  }

  /// An image whose file is one of `identities`, or nil.
  func image(in identities: [OpenFile.Identity]) -> OpenFile? {
    for image in descriptor.storages.flatMap(\.images) {
      if let file = try? open(image), identities.contains(file.identity) { return file }
    }
    return nil
  }

  /// Files of images in the folder that the descriptor does not list, by name.
  func unlistedFiles() throws(ConversionError) -> [String] {
    let listed = Set(descriptor.storages.flatMap(\.images).map { BundleLocation.baseName(of: $0.file) })
    return try converting(directory.names()).filter { $0.hasSuffix(".hds") && !listed.contains($0) }.sorted()
  }

  /// Whether a lock shows that a virtual machine uses the bundle.
  var isLocked: Bool { access(path + "/../vm.lock", F_OK) == 0 }
}

/// Performs a step on the bundle called `name`, converting its error.
func convertingBundle<Result>(
  _ name: String, _ step: @autoclosure () throws(BundleProblem) -> Result
) throws(ConversionError) -> Result {
  do throws(BundleProblem) {
    return try step()
  } catch {
    throw ConversionError(name, .bundle(error))
  }
}
