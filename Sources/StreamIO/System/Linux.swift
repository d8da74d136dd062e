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

  private func changeSpace(_ descriptor: CInt, mode: Int, at offset: off_t, byteCount: off_t) -> Bool {
    if case .success = retryingOnInterrupt({ fallocate(descriptor, CInt(mode), offset, byteCount) }) { return true }
    return false
  }

  /// Renames a file unless the new name exists; nil if the file system has no such call.
  func renameExclusively(_ old: String, to new: String) -> SystemCallResult<CInt>? {
    let result = retryingOnInterrupt { renameat2(AT_FDCWD, old, AT_FDCWD, new, UInt32(CLINUX_RENAME_NOREPLACE)) }
    return switch result {
    case .failure(EINVAL), .failure(ENOSYS): nil
    default: result
    }
  }

  /// Enlarges the buffer of a pipe to `byteCount` bytes, if the system allows it.
  func setPipeSize(_ descriptor: CInt, byteCount: CInt) { _ = fcntl(descriptor, CInt(CLINUX_F_SETPIPE_SZ), byteCount) }

  /// Signals that end a process by default, besides those of POSIX.
  package let endingSignalsOfSystem = [SIGIO, SIGPWR, SIGSTKFLT]

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
