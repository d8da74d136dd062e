#if canImport(Darwin)
  // The rest of the package gets the C library from here, so only this folder knows which one it is.
  @_exported public import Darwin

  let seekData = SEEK_DATA
  let seekHole = SEEK_HOLE

  /// Reserves space for a range of bytes, at whose end the file then ends at the earliest; false when the system can't.
  func reserveSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Turns a range of bytes into zeros without writing them; false when the system can't.
  func zeroSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Turns a range of bytes into a hole; false when the system can't.
  func freeSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Renames a file unless the new name is taken; nil when the file system has no such call.
  func renameExclusively(_ old: String, to new: String) -> SystemCallResult<CInt>? {
    let result = retryingOnInterrupt { renamex_np(old, new, UInt32(RENAME_EXCL)) }
    if case .failure(ENOTSUP) = result { return nil }
    return result
  }

  /// Lets a pipe hold up to `byteCount` bytes, if the system allows it.
  func setPipeSize(_ descriptor: CInt, byteCount: CInt) {}

  extension stat {
    var timeOfLastWrite: timespec { st_mtimespec }
  }

  extension sigaction {
    /// Whether the signal is ignored.
    package var isIgnore: Bool { unsafeBitCast(__sigaction_u.__sa_handler, to: Int.self) == 1 }
  }
#endif
