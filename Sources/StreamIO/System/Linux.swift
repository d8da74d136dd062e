#if canImport(Glibc)
  import CLinux
  // The rest of the package gets the C library from here, so only this folder knows which one it is.
  @_exported public import Glibc

  let seekData = CInt(CLINUX_SEEK_DATA)
  let seekHole = CInt(CLINUX_SEEK_HOLE)

  /// Reserves space for a range of bytes, at whose end the file then ends at the earliest; false when the system can't.
  func reserveSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool {
    changeSpace(descriptor, mode: 0, at: offset, byteCount: byteCount)
  }

  /// Turns a range of bytes into zeros without writing them; false when the system can't.
  func zeroSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool {
    changeSpace(
      descriptor, mode: CLINUX_FALLOC_FL_ZERO_RANGE | CLINUX_FALLOC_FL_KEEP_SIZE, at: offset, byteCount: byteCount)
  }

  /// Turns a range of bytes into a hole; false when the system can't.
  func freeSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool {
    changeSpace(
      descriptor, mode: CLINUX_FALLOC_FL_PUNCH_HOLE | CLINUX_FALLOC_FL_KEEP_SIZE, at: offset, byteCount: byteCount)
  }

  private func changeSpace(_ descriptor: CInt, mode: Int, at offset: off_t, byteCount: off_t) -> Bool {
    if case .success = retryingOnInterrupt({ fallocate(descriptor, CInt(mode), offset, byteCount) }) { return true }
    return false
  }

  /// Renames a file unless the new name is taken; nil when the file system has no such call.
  func renameExclusively(_ old: String, to new: String) -> SystemCallResult<CInt>? {
    let result = retryingOnInterrupt { renameat2(AT_FDCWD, old, AT_FDCWD, new, UInt32(CLINUX_RENAME_NOREPLACE)) }
    return switch result {
    case .failure(EINVAL), .failure(ENOSYS): nil
    default: result
    }
  }

  /// Lets a pipe hold up to `byteCount` bytes, if the system allows it.
  func setPipeSize(_ descriptor: CInt, byteCount: CInt) { _ = fcntl(descriptor, CInt(CLINUX_F_SETPIPE_SZ), byteCount) }

  extension stat {
    var timeOfLastWrite: timespec { st_mtim }
  }

  extension sigaction {
    /// Whether the signal is ignored.
    package var isIgnore: Bool { unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == 1 }
  }
#endif
