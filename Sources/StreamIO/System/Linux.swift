#if canImport(Glibc)
  import CLinux
  // The rest of the package imports the C library through this file, so that only this folder depends on which one it
  // is.
  @_exported public import Glibc

  let seekData = CInt(CLINUX_SEEK_DATA)
  let seekHole = CInt(CLINUX_SEEK_HOLE)

  /// Reserves space for a range, extending the file to its end if necessary; returns false on failure.
  func reserveSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool {
    changeSpace(descriptor, mode: 0, at: offset, byteCount: byteCount)
  }

  /// Whether a file's blocks are allocated where it is written, neither in memory nor after compression.
  func fileSystemAllocatesBlocks(_ descriptor: CInt) -> Bool {
    let magic = Int(clinux_file_system(descriptor))
    return ![Int(TMPFS_MAGIC), Int(RAMFS_MAGIC), Int(BTRFS_SUPER_MAGIC)].contains(magic)
  }

  /// Makes a range read as zeros without writing any; returns false on failure.
  func zeroSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool {
    changeSpace(
      descriptor, mode: CLINUX_FALLOC_FL_ZERO_RANGE | CLINUX_FALLOC_FL_KEEP_SIZE, at: offset, byteCount: byteCount)
  }

  /// Turns a range into a hole; returns false on failure.
  func freeSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool {
    changeSpace(
      descriptor, mode: CLINUX_FALLOC_FL_PUNCH_HOLE | CLINUX_FALLOC_FL_KEEP_SIZE, at: offset, byteCount: byteCount)
  }

  /// Drops the pages of a file that are on the disk.
  func forgetCached(_ descriptor: CInt) { posix_fadvise(descriptor, 0, 0, CInt(POSIX_FADV_DONTNEED)) }

  private func changeSpace(_ descriptor: CInt, mode: Int, at offset: off_t, byteCount: off_t) -> Bool {
    if case .success = retryingOnInterrupt({ fallocate(descriptor, CInt(mode), offset, byteCount) }) { return true }
    return false
  }

  /// Opens a new file without a name in `directory`; nil if the file system has no such files.
  func openUnnamed(_ directory: String, mode: mode_t, name: String) throws(FileError) -> CInt? {
    let flags = CInt(CLINUX_O_TMPFILE) | O_RDWR | O_CLOEXEC
    switch retryingOnInterrupt({ open(directory, flags, mode) }) {
    case .success(let descriptor): return descriptor
    // The last two are what systems without the flag make of it.
    case .failure(EOPNOTSUPP), .failure(EISDIR), .failure(EINVAL): return nil
    case .failure(let code): throw FileError(.open, name, code: code)
    }
  }

  /// Gives a name that must not exist yet to a file without one.
  func nameUnnamed(_ descriptor: CInt, _ path: String) -> SystemCallResult<CInt> {
    retryingOnInterrupt { linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, CInt(AT_SYMLINK_FOLLOW)) }
  }

  /// The error that renaming another file to `path` would end in whoever does it, or nil.
  func renamingObstacle(_ path: String) -> CInt? {
    let attributes = Int(truncatingIfNeeded: clinux_attributes(path))
    guard attributes & (CLINUX_STATX_ATTR_IMMUTABLE | CLINUX_STATX_ATTR_APPEND) == 0 else { return EPERM }
    return attributes & CLINUX_STATX_ATTR_MOUNT_ROOT == 0 ? nil : EBUSY
  }

  /// What a file has besides its owner and its mode, and what it is called in messages.
  let attributesToKeep = [("system.posix_acl_access", "ACL"), ("security.selinux", "security label")]

  /// Copies an extended attribute, if the file at `path` has it; returns false on failure.
  func copyAttribute(_ attribute: String, from path: String, to descriptor: CInt) -> Bool {
    var value = [UInt8](repeating: 0, count: 64 << 10)
    let count = getxattr(path, attribute, &value, value.count)
    // No such attribute, or none on this file system.
    guard count >= 0 else { return errno == ENODATA || errno == EOPNOTSUPP }
    return fsetxattr(descriptor, attribute, value, count, 0) == 0
  }

  /// Renames a file unless the new name exists; nil if the file system has no such call.
  func renameExclusively(_ old: String, to new: String) -> SystemCallResult<CInt>? {
    let result = retryingOnInterrupt { renameat2(AT_FDCWD, old, AT_FDCWD, new, UInt32(CLINUX_RENAME_NOREPLACE)) }
    return switch result {
    case .failure(EINVAL), .failure(ENOSYS): nil
    default: result
    }
  }

  /// Shares a range of a file with another; returns 0 or the `errno`.
  func shareBlocks(_ source: CInt, at offset: Int64, byteCount: Int64, with target: CInt, at targetOffset: Int64)
    -> CInt
  {
    let result = retryingOnInterrupt { clinux_share(source, offset, byteCount, target, targetOffset) }
    guard case .failure(let code) = result else { return 0 }
    return code
  }

  /// The first run of bytes of a file that ends after `offset`, and whether it was written.
  ///
  /// If there is none, it is an empty one far past all files. Fails if the file system doesn't say.
  func storedExtent(_ descriptor: CInt, from offset: UInt64) -> SystemCallResult<(Range<UInt64>, isWritten: Bool)> {
    var extent = CLinux.clinux_extent()
    switch retryingOnInterrupt({ clinux_extent(descriptor, offset, &extent) }) {
    case .failure(let code): return .failure(code)
    case .success(1) where extent.start < extent.end:
      return .success((extent.start..<extent.end, extent.is_written != 0))
    case .success: return .success((UInt64.max..<UInt64.max, true))
    }
  }

  /// Moves bytes of a file into a pipe without copying them, and the offset past them; returns their number.
  func moveBytes(_ source: CInt, at offset: inout off_t, byteCount: Int, to pipe: CInt) -> SystemCallResult<Int> {
    retryingOnInterrupt { splice(source, &offset, pipe, nil, byteCount, 0) }
  }

  /// Lends memory that never changes to a pipe; returns the number of bytes.
  func lendBytes(_ bytes: UnsafeRawBufferPointer, to pipe: CInt) -> SystemCallResult<Int> {
    var vector = iovec(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    return retryingOnInterrupt { vmsplice(pipe, &vector, 1, 0) }
  }

  /// Exchanges the names of two files or directories.
  func exchangeNames(_ one: String, _ other: String) -> SystemCallResult<CInt> {
    retryingOnInterrupt { renameat2(AT_FDCWD, one, AT_FDCWD, other, UInt32(CLINUX_RENAME_EXCHANGE)) }
  }

  /// Enlarges the buffer of a pipe to `byteCount` bytes, if the system allows it.
  func setPipeSize(_ descriptor: CInt, byteCount: CInt) { _ = fcntl(descriptor, CInt(CLINUX_F_SETPIPE_SZ), byteCount) }

  /// Signals that end a process by default, besides those of POSIX.
  package let endingSignalsOfSystem = [SIGIO, SIGPWR, SIGSTKFLT]

  /// The number of processors that the process may run on, if the system says.
  package func allowedProcessorCount() -> Int? {
    let count = Int(clinux_processors())
    return count > 0 ? count : nil
  }

  /// The resource that a limit on address space is about.
  let addressSpaceLimit = __rlimit_resource_t(9)  // RLIMIT_AS

  /// Address space that the process has taken, in bytes.
  func addressSpaceByteCount() -> Int? {
    guard let file = fopen("/proc/self/statm", "re") else { return nil }
    defer { fclose(file) }
    var text = [UInt8](repeating: 0, count: 64)
    let digits = text[..<fread(&text, 1, text.count, file)].prefix { $0 != UInt8(ascii: " ") }
    return Int(String(decoding: digits, as: UTF8.self)).map { $0 * sysconf(CInt(_SC_PAGESIZE)) }
  }

  /// Memory that is all zeros, up to 1 MiB; it exists from the start, so it can't be missing when memory is short.
  func zeroMemory(byteCount: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: clinux_zeros(), count: byteCount)
  }

  /// Makes all threads allocate from one arena.
  ///
  /// Each further one reserves 64 MiB of address space. Under a limit, every allocation would try that again and fail,
  /// which took a second for each MiB of the disk.
  package func useOneMemoryArena() { _ = mallopt(CInt(CLINUX_M_ARENA_MAX), 1) }

  /// A value for `pthread_create` to replace.
  var newThread: pthread_t { pthread_t() }

  extension stat {
    var timeOfLastWrite: timespec { st_mtim }
  }

  extension sigaction {
    /// Whether the signal is ignored.
    package var isIgnore: Bool { unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == 1 }
  }
#endif
