import StreamIO

extension OutputFile {
  /// Opens a pipe or a new file at `path`; with `force` also an existing file, to replace it, or a block device.
  static func open(_ path: String, force: Bool) throws(ConversionError) -> OutputFile {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A dangling symbolic link also counts as existing.
      guard force || lstat(path, &status) != 0 else { throw ConversionError(path, .exists) }
      return try create(path, replacing: force, name: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard force else { throw ConversionError(path, .exists) }
      let target = try converting(targetOfLinks(path))
      let output = try create(target, replacing: true, name: path)
      _ = fchmod(output.file.descriptor, status.st_mode & 0o777)
      return output
    case S_IFBLK:
      guard force else { throw ConversionError(path, .isBlockDevice) }
      // With O_EXCL but not O_CREAT, the system refuses a device that is mounted or otherwise in use.
      return try opened(path, flags: O_RDWR | O_EXCL)
    case S_IFDIR: throw ConversionError(FileError(.open, path, code: EISDIR))
    default: return try opened(path, flags: O_WRONLY)
    }
  }

  /// Opens standard output.
  ///
  /// A redirected file is written from its current offset and must have no bytes after it; with `force`, it is
  /// truncated there.
  static func standardOutput(force: Bool) throws(ConversionError) -> OutputFile {
    let file = try converting(OpenFile.standardOutput())
    let byteCount = try converting(file.byteCount())
    guard file.isDevice || OpenFile.identity(ofDescriptor: STDERR_FILENO) != file.identity else {
      throw ConversionError(file.name, .takesMessages)
    }
    guard file.kind == .regular else { return OutputFile(file, fate: .left) }
    guard fcntl(STDOUT_FILENO, F_GETFL) & O_APPEND == 0 else { throw ConversionError(file.name, .isAppendOnly) }
    guard force || byteCount == 0 else { throw ConversionError(file.name, .hasContents) }
    try converting(file.truncate(to: 0))
    return OutputFile(file, fate: .cutBack)
  }

  private static func create(_ path: String, replacing: Bool, name: String) throws(ConversionError) -> OutputFile {
    let temporary = directoryPart(of: path) + ".prlconv-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let file = try converting(OpenFile(creating: temporary, name: name))
    return OutputFile(file, fate: .renamed(from: temporary, to: path, replacing: replacing))
  }

  private static func opened(_ path: String, flags: CInt) throws(ConversionError) -> OutputFile {
    try OutputFile(converting(OpenFile(writing: path, flags: flags)), fate: .left)
  }
}
