#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension OpenFile {
  /// A new file without a name in `directory`, which is gone when it is closed, however the process ends.
  package static func spool(in directory: String) throws(FileError) -> OpenFile {
    let name = "temporary file in \(directory)"
    let path = directory + "/.prlconv-spool-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let descriptor = try retryingOnInterrupt { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
      .get { FileError(.open, name, code: $0) }
    // Before anything else that may fail.
    let removal = retryingOnInterrupt { unlink(path) }
    let file = try OpenFile(adopting: descriptor, name: name)
    _ = try removal.get { FileError(.remove, name, code: $0) }
    return file
  }
}
