#if canImport(Darwin)
  // The rest of the package imports the C library through this file, so that only this folder depends on which one it
  // is.
  @_exported public import Darwin

  let seekData = SEEK_DATA
  let seekHole = SEEK_HOLE

  /// Reserves space for a range, extending the file to its end if necessary; returns false on failure.
  func reserveSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Makes a range read as zeros without writing any; returns false on failure.
  func zeroSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Turns a range into a hole; returns false on failure.
  func freeSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Renames a file unless the new name exists; nil if the file system has no such call.
  func renameExclusively(_ old: String, to new: String) -> SystemCallResult<CInt>? {
    let result = retryingOnInterrupt { renamex_np(old, new, UInt32(RENAME_EXCL)) }
    if case .failure(ENOTSUP) = result { return nil }
    return result
  }

  /// Enlarges the buffer of a pipe to `byteCount` bytes, if the system allows it.
  func setPipeSize(_ descriptor: CInt, byteCount: CInt) {}

  /// Signals that end a process by default, besides those of POSIX.
  package let endingSignalsOfSystem: [CInt] = []

  /// Makes all threads allocate from one arena, where the C library has several.
  package func useOneMemoryArena() {}

  /// A value for `pthread_create` to replace.
  var newThread: pthread_t? { nil }

  extension stat {
    var timeOfLastWrite: timespec { st_mtimespec }
  }

  extension sigaction {
    /// Whether the signal is ignored.
    package var isIgnore: Bool { unsafeBitCast(__sigaction_u.__sa_handler, to: Int.self) == 1 }
  }
#endif
