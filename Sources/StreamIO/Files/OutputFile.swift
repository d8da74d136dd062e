import Synchronization

#if canImport(Glibc)
  import CLinux
  import Glibc
#else
  import Darwin
#endif

/// A file to be written, which nobody sees under its name before it is complete.
///
/// A new file has a temporary name in its directory until `commit`; `discard` removes it. A redirected file is cut
/// back to where it began. Devices and pipes are written as they are.
package final class OutputFile: Sendable {
  /// What becomes of the file at the end.
  private enum Fate {
    case renamed(from: String, to: String, replacing: Bool)
    case cutBack
    case left
  }

  /// The file, open for writing.
  package let file: OpenFile
  private let fate: Fate
  private let isUnderWay = Atomic<Bool>(true)

  private init(_ file: OpenFile, fate: Fate) {
    self.file = file
    self.fate = fate
  }

  deinit { discard() }

  /// Opens `path`: a new file, or with `force` one that replaces what is there, or a device or pipe.
  package static func open(_ path: String, force: Bool) throws(OutputError) -> OutputFile {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A symbolic link that leads nowhere is something, too.
      guard force || lstat(path, &status) != 0 else { throw .exists(path: path) }
      return try create(path, replacing: force, mode: nil)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      guard force else { throw .exists(path: path) }
      return try create(targetOfLinks(path), replacing: true, mode: status.st_mode & 0o777, name: path)
    case S_IFBLK:
      guard force else { throw .isBlockDevice(path: path) }
      // O_EXCL without O_CREAT: refused by the system while the device is mounted or otherwise in use.
      return try OutputFile(opened(path, flags: O_RDWR | O_EXCL, name: path), fate: .left)
    case S_IFDIR:
      throw .file(FileError(.open, path, code: EISDIR))
    default:
      return try OutputFile(opened(path, flags: O_WRONLY, name: path), fate: .left)
    }
  }

  /// Standard output.
  ///
  /// A redirected file is written from its current offset on and must be empty from there; with `force` it is cut off
  /// there.
  package static func standardOutput(force: Bool) throws(OutputError) -> OutputFile {
    let file: OpenFile
    let byteCount: UInt64?
    do throws(FileError) {
      file = try OpenFile(adopting: 1, name: "stdout", baseOffset: currentOffset(of: 1))
      file.widenPipe()
      byteCount = try file.byteCount()
    } catch {
      throw .file(error)
    }
    guard file.isDevice || OpenFile.identity(ofDescriptor: 2) != file.identity else {
      throw .takesMessages(path: file.name)
    }
    guard file.kind == .regular else { return OutputFile(file, fate: .left) }
    guard fcntl(1, F_GETFL) & O_APPEND == 0 else { throw .isAppendOnly(path: file.name) }
    guard force || byteCount == 0 else { throw .hasContents(path: file.name) }
    do throws(FileError) {
      try file.truncate(to: 0)
    } catch {
      throw .file(error)
    }
    return OutputFile(file, fate: .cutBack)
  }

  /// Gives the file its name, and with `durably` waits until file and name are on the disk.
  ///
  /// `byteCount` is the length of what was written, so that who writes next to a redirected file writes behind it.
  package func commit(byteCount: UInt64, durably: Bool) throws(FileError) {
    if durably, file.isSeekable { try file.synchronize() }
    switch fate {
    case .renamed(let temporary, let path, let replacing):
      // Opened first: what can fail before the file has its name leaves no output.
      let directory = try durably ? openDirectory(of: path) : nil
      try file.close()
      try rename(temporary, to: path, replacing: replacing)
      isUnderWay.store(false, ordering: .releasing)
      do throws(FileError) {
        try directory?.synchronize()
      } catch  where error.code == EINVAL || error.code == ENOTSUP {
        // A file system whose directories need no such call, or know none: nothing more can be done.
      } catch {
        // What was replaced does not come back, so there the new file, which is complete, is better than none.
        if !replacing { _ = unlink(path) }
        throw error
      }
    case .cutBack:
      try checkCloseOfStandardOutput()
      isUnderWay.store(false, ordering: .releasing)
      _ = lseek(file.descriptor, off_t(clamping: file.baseOffset + byteCount), SEEK_SET)
    case .left:
      if file.descriptor > 2 { try file.close() } else { try checkCloseOfStandardOutput() }
      isUnderWay.store(false, ordering: .releasing)
    }
  }

  /// Leaves nothing behind.
  ///
  /// Does nothing after `commit`; may be called from any thread.
  package func discard() {
    guard isUnderWay.exchange(false, ordering: .acquiringAndReleasing) else { return }
    switch fate {
    case .renamed(let temporary, _, _): _ = unlink(temporary)
    case .cutBack: try? file.truncate(to: 0)
    case .left: break
    }
  }
}

extension OutputFile {
  private static func create(
    _ path: String, replacing: Bool, mode: mode_t?, name: String? = nil
  ) throws(OutputError) -> OutputFile {
    let temporary = directory(of: path) + ".prlconv-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let file: OpenFile
    do throws(OutputError) {
      file = try opened(temporary, flags: O_RDWR | O_CREAT | O_EXCL, name: name ?? path)
    } catch {
      // What failed after the file was made leaves it to be removed here: there is no output yet that would.
      if case .file(let cause) = error, !cause.isFailedOpen { _ = unlink(temporary) }
      throw error
    }
    if let mode { _ = fchmod(file.descriptor, mode) }
    return OutputFile(file, fate: .renamed(from: temporary, to: path, replacing: replacing))
  }

  private static func opened(_ path: String, flags: CInt, name: String) throws(OutputError) -> OpenFile {
    do throws(FileError) {
      let descriptor = try retryingOnInterrupt { Self.systemOpen(path, flags | O_CLOEXEC) }
        .get { FileError(.open, name, code: $0) }
      let file = try OpenFile(adopting: descriptor, name: name)
      file.widenPipe()
      return file
    } catch {
      throw .file(error)
    }
  }

  private static func systemOpen(_ path: String, _ flags: CInt) -> CInt {
    #if canImport(Glibc)
      Glibc.open(path, flags, 0o666)
    #else
      Darwin.open(path, flags, 0o666)
    #endif
  }
}

/// The directory part of `path` with its slash; empty for the current directory.
private func directory(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return String(path[...slash])
}

/// What `path` is when every symbolic link in it is followed, so that the link's target is what gets replaced.
///
/// A target whose name is no UTF-8 can't be named here: another file would be replaced.
private func targetOfLinks(_ path: String) throws(OutputError) -> String {
  guard let resolved = realpath(path, nil) else { throw .file(FileError(.open, path, code: errno)) }
  defer { free(resolved) }
  guard let target = String(validatingCString: resolved) else { throw .file(FileError(.open, path, code: EILSEQ)) }
  return target
}

/// Brings to light what the close of standard output would: errors of earlier writes that a network file system or a quota
/// tells only then.
///
/// Others may have the descriptor, too, so it stays open; each close of a copy tells.
private func checkCloseOfStandardOutput() throws(FileError) {
  let copy = dup(1)
  guard copy >= 0 else { return }
  let code = OpenFile.closeDescriptor(copy)
  guard code == 0 else { throw FileError(.close, "stdout", code: code) }
}

private func rename(_ temporary: String, to path: String, replacing: Bool) throws(FileError) {
  #if os(Linux)
    if !replacing {
      // Somebody may have made a file of that name meanwhile.
      let result = retryingOnInterrupt {
        renameat2(AT_FDCWD, temporary, AT_FDCWD, path, UInt32(CLINUX_RENAME_NOREPLACE))
      }
      switch result {
      case .success: return
      case .failure(EINVAL), .failure(ENOSYS): break  // a file system that can't: checked before, and now overwritten
      case .failure(let code): throw FileError(.rename, path, code: code)
      }
    }
  #endif
  _ = try retryingOnInterrupt { systemRename(temporary, path) }.get { FileError(.rename, path, code: $0) }
}

private func systemRename(_ old: String, _ new: String) -> CInt {
  rename(old, new)
}

private func openDirectory(of path: String) throws(FileError) -> OpenFile {
  let name = directory(of: path).isEmpty ? "." : directory(of: path)
  let descriptor = try retryingOnInterrupt { open(name, O_RDONLY | O_CLOEXEC) }.get { FileError(.open, name, code: $0) }
  return try OpenFile(adopting: descriptor, name: name)
}
