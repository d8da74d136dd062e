extension OpenFile {
  /// Opens `path` for reading.
  package convenience init(reading path: String) throws(FileError) {
    let descriptor = try openDescriptor(path, O_RDONLY, name: path)
    guard try fileStatus(of: descriptor, name: path).st_mode & S_IFMT != S_IFDIR else {
      _ = closeDescriptor(descriptor)
      throw FileError(.read, path, code: EISDIR)
    }
    try self.init(adopting: descriptor, name: path, isInput: true)
  }

  /// Opens a directory.
  package convenience init(directory path: String) throws(FileError) {
    try self.init(adopting: openDescriptor(path, O_RDONLY | O_DIRECTORY, name: path), name: path)
  }

  /// The names in a directory, but for those that are not valid UTF-8.
  package func names() throws(FileError) -> [String] {
    let copy = try Self.duplicate(descriptor, name: name)
    guard let stream = fdopendir(copy) else { throw FileError(.open, name, code: errno) }
    defer { closedir(stream) }
    rewinddir(stream)
    var names: [String] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if let name = String(validating: bytes, as: UTF8.self), name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Opens a regular file for reading; does not follow a link, and does not wait if it is something else.
  ///
  /// `path` is looked for in `directory` if that is given, whose path is `directoryPath` in messages.
  package convenience init(
    regular path: String, in directory: OpenFile? = nil, path directoryPath: String? = nil
  ) throws(FileError) {
    let flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC
    let place = directory?.descriptor ?? AT_FDCWD
    let name = directoryPath.map { $0.utf8.last == UInt8(ascii: "/") ? $0 + path : $0 + "/" + path } ?? path
    let descriptor = try retryingOnInterrupt { openat(place, path, flags) }.get { FileError(.open, name, code: $0) }
    try self.init(regular: descriptor, name: name)
  }

  private convenience init(regular descriptor: CInt, name path: String) throws(FileError) {
    guard try fileStatus(of: descriptor, name: path).st_mode & S_IFMT == S_IFREG else {
      _ = closeDescriptor(descriptor)
      throw FileError(.open, path, code: EINVAL)
    }
    try self.init(adopting: descriptor, name: path, isInput: true)
  }

  /// Opens an existing file or device to change some of its bytes.
  package convenience init(updating path: String, name: String? = nil) throws(FileError) {
    var status = stat()
    // With O_EXCL but not O_CREAT, the system refuses a device that is mounted or otherwise in use.
    let isDevice = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFBLK
    let descriptor = try openDescriptor(path, O_RDWR | (isDevice ? O_EXCL : 0), name: name ?? path)
    try self.init(adopting: descriptor, name: name ?? path)
  }

  /// Opens an existing file, device or pipe for writing.
  package convenience init(writing path: String, flags: CInt) throws(FileError) {
    try self.init(adopting: openDescriptor(path, flags, name: path), name: path)
  }

  /// Creates `path`, which must not exist yet; messages use `name`.
  package convenience init(creating path: String, name: String) throws(FileError) {
    let descriptor = try openDescriptor(path, O_RDWR | O_CREAT | O_EXCL, name: name)
    do throws(FileError) {
      try self.init(adopting: descriptor, name: name)
    } catch {
      _ = unlink(path)
      throw error
    }
  }

  /// Creates a file without a name in the directory of `path`, where it gets its name with `give(name:)`; messages use
  /// `name`.
  ///
  /// However the process ends, nothing is left of it. Nil if the file system has no such files.
  package convenience init?(unnamedBeside path: String, name: String) throws(FileError) {
    let directory = directoryPart(of: path)
    guard let descriptor = try openUnnamed(directory.isEmpty ? "." : directory, mode: 0o666, name: name) else {
      return nil
    }
    try self.init(adopting: descriptor, name: name)
  }

  /// Names a file that has no name; fails with `EEXIST` if `path` exists.
  package func give(name path: String) throws(FileError) {
    _ = try nameUnnamed(descriptor, path).get { FileError(.rename, path, code: $0) }
  }

  /// Opens the directory that contains `path`.
  package convenience init(directoryOf path: String) throws(FileError) {
    let directory = directoryPart(of: path)
    let name = directory.isEmpty ? "." : directory
    try self.init(adopting: openDescriptor(name, O_RDONLY, name: name), name: name)
  }

  /// Standard input, which is never closed; a redirected file starts at its current offset.
  package static func standardInput() throws(FileError) -> OpenFile {
    try OpenFile(adopting: STDIN_FILENO, name: "stdin", baseOffset: offset(of: STDIN_FILENO), isInput: true)
  }

  /// Standard output, which is never closed; a redirected file starts at its current offset.
  package static func standardOutput() throws(FileError) -> OpenFile {
    try OpenFile(adopting: STDOUT_FILENO, name: "stdout", baseOffset: offset(of: STDOUT_FILENO))
  }

  /// The file of a descriptor that stays open, from its current offset on.
  package convenience init(sharing descriptor: CInt, name: String, isInput: Bool = false) throws(FileError) {
    let copy = try Self.duplicate(descriptor, name: name)
    try self.init(adopting: copy, name: name, baseOffset: Self.offset(of: copy), isInput: isInput)
  }

  /// The same file, open for reading, from the same offset on.
  package func reopened() throws(FileError) -> OpenFile {
    let copy =
      if fcntl(descriptor, F_GETFL) & O_ACCMODE == O_WRONLY {
        try openDescriptor("/proc/self/fd/\(descriptor)", O_RDONLY, name: name)
      } else {
        try Self.duplicate(descriptor, name: name)
      }
    return try OpenFile(adopting: copy, name: name, baseOffset: baseOffset)
  }

  /// A new unnamed file in `directory`, which disappears when it is closed, however the process ends.
  package static func spool(in directory: String) throws(FileError) -> OpenFile {
    let name = "temporary file in \(directory)"
    let path = directory + "/.prlconv-spool-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let descriptor = try openDescriptor(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600, name: name)
    // Unlink before anything else can fail.
    let removal = retryingOnInterrupt { unlink(path) }
    let file = try OpenFile(adopting: descriptor, name: name)
    _ = try removal.get { FileError(.remove, name, code: $0) }
    return file
  }

  private static func duplicate(_ descriptor: CInt, name: String) throws(FileError) -> CInt {
    try retryingOnInterrupt { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }.get { FileError(.open, name, code: $0) }
  }

  /// The current offset of a redirected file or device, in bytes; 0 for a pipe.
  private static func offset(of descriptor: CInt) -> UInt64 { UInt64(max(0, lseek(descriptor, 0, SEEK_CUR))) }
}
