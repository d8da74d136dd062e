import StreamIO

extension OutputFile {
  /// Opens a pipe or a new file at `path`; with `force` also an existing file, to replace it, or a block device.
  ///
  /// What would keep the file from getting its name is an error now, as far as it can be known. `events` receives a
  /// warning if the new file can't have the owner, mode, ACL or security label of the old one.
  static func open(_ path: String, force: Bool, events: Events? = nil) throws(ConversionError) -> OutputFile {
    guard path.utf8.last.map({ $0 != UInt8(ascii: "/") }) ?? false else {
      throw ConversionError(FileError(.open, path, code: path.isEmpty ? ENOENT : EISDIR))
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      // A dangling symbolic link also counts as existing.
      guard lstat(path, &status) == 0 else { return try create(path, replacing: force, name: path) }
      guard force else { throw ConversionError(path, .exists) }
      guard code == ENOENT else { throw ConversionError(FileError(.open, path, code: code)) }
      return try create(converting(targetOfLinks(path)), replacing: true, name: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard force else { throw ConversionError(path, .exists) }
      return try replacement(of: converting(targetOfLinks(path)), name: path, events: events)
    case S_IFBLK:
      guard force else { throw ConversionError(path, .isBlockDevice) }
      // With O_EXCL but not O_CREAT, the system refuses a device that is mounted or otherwise in use.
      return try opened(path, flags: O_RDWR | O_EXCL)
    case S_IFDIR: throw ConversionError(FileError(.open, path, code: EISDIR))
    default: return try opened(path, flags: O_WRONLY)
    }
  }

  /// Takes a file that is open already, such as standard output.
  ///
  /// It is written from its current offset and must have no bytes after it; with `force`, it is truncated there.
  static func redirected(_ file: OpenFile, force: Bool) throws(ConversionError) -> OutputFile {
    let byteCount = try converting(file.byteCount())
    guard file.isDevice || OpenFile.identity(ofDescriptor: STDERR_FILENO) != file.identity else {
      throw ConversionError(file.name, .takesMessages)
    }
    if file.kind == .blockDevice { try refuse(file, force: force) }
    guard file.kind == .regular else { return OutputFile(file, fate: .left) }
    guard fcntl(file.descriptor, F_GETFL) & O_APPEND == 0 else { throw ConversionError(file.name, .isAppendOnly) }
    guard force || byteCount == 0 else { throw ConversionError(file.name, .hasContents) }
    try converting(file.truncate(to: 0))
    return OutputFile(file, fate: .cutBack)
  }

  /// Refuses a redirected device as it would be by name: without `force`, or when it is mounted or otherwise in use.
  private static func refuse(_ device: OpenFile, force: Bool) throws(ConversionError) {
    guard force else { throw ConversionError(device.name, .isBlockDevice) }
    try converting(OpenFile(updating: "/proc/self/fd/\(device.descriptor)", name: device.name).close())
  }

  private static func replacement(
    of path: String, name: String, events: Events?
  ) throws(ConversionError) -> OutputFile {
    let old = try converting(ReplacedFile(path, name: name))
    let output = try create(path, replacing: true, name: name)
    let lost = old.giveProperties(to: output.file)
    if !lost.isEmpty {
      events?.report(
        .warning(path: name, "the new file does not keep the \(lost.joined(separator: ", ")) of the old one"))
    }
    return output
  }

  private static func create(_ path: String, replacing: Bool, name: String) throws(ConversionError) -> OutputFile {
    if let file = try converting(OpenFile(unnamedBeside: path, name: name)) {
      return OutputFile(file, fate: .named(path, temporaryPath: nil, replacing: replacing))
    }
    let temporary = temporaryPath(for: path)
    let file = try converting(OpenFile(creating: temporary, name: name))
    return OutputFile(file, fate: .named(path, temporaryPath: temporary, replacing: replacing))
  }

  static func temporaryPath(for path: String) -> String {
    directoryPart(of: path) + ".prlconv-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }

  private static func opened(_ path: String, flags: CInt) throws(ConversionError) -> OutputFile {
    try OutputFile(converting(OpenFile(writing: path, flags: flags)), fate: .left)
  }
}
