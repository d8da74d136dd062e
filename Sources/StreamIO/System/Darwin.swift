#if canImport(Darwin)
  // The rest of the package imports the C library through this file, so that only this folder depends on which one it
  // is.
  @_exported public import Darwin

  let seekData = SEEK_DATA
  let seekHole = SEEK_HOLE

  /// Reserves space for a range, extending the file to its end if necessary; returns false on failure.
  func reserveSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Whether a file's blocks are allocated where it is written, neither in memory nor after compression.
  func fileSystemAllocatesBlocks(_ descriptor: CInt) -> Bool { false }

  /// Makes a range read as zeros without writing any; returns false on failure.
  func zeroSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Turns a range into a hole; returns false on failure.
  func freeSpace(_ descriptor: CInt, at offset: off_t, byteCount: off_t) -> Bool { false }

  /// Has a file read from the disk from now on.
  func forgetCached(_ descriptor: CInt) { _ = fcntl(descriptor, F_NOCACHE, 1) }

  /// Opens a new file without a name in `directory`; nil if the file system has no such files.
  func openUnnamed(_ directory: String, mode: mode_t, name: String) throws(FileError) -> CInt? { nil }

  /// Gives a name that must not exist yet to a file without one.
  func nameUnnamed(_ descriptor: CInt, _ path: String) -> SystemCallResult<CInt> { .failure(ENOTSUP) }

  /// The error that renaming another file to `path` would end in whoever does it, or nil.
  func renamingObstacle(_ path: String) -> CInt? { nil }

  /// What a file has besides its owner and its mode, and what it is called in messages.
  let attributesToKeep: [(String, String)] = []

  /// Copies an extended attribute, if the file at `path` has it; returns false on failure.
  func copyAttribute(_ attribute: String, from path: String, to descriptor: CInt) -> Bool { false }

  /// Renames a file unless the new name exists; nil if the file system has no such call.
  func renameExclusively(_ old: String, to new: String) -> SystemCallResult<CInt>? {
    let result = retryingOnInterrupt { renamex_np(old, new, UInt32(RENAME_EXCL)) }
    if case .failure(ENOTSUP) = result { return nil }
    return result
  }

  /// Shares a range of a file with another; returns 0 or the `errno`.
  func shareBlocks(_ source: CInt, at offset: Int64, byteCount: Int64, with target: CInt, at targetOffset: Int64)
    -> CInt
  {
    ENOTSUP
  }

  /// The first run of bytes of a file that ends after `offset`, and whether it was written.
  ///
  /// If there is none, it is an empty one far past all files. Fails if the file system doesn't say.
  func storedExtent(_ descriptor: CInt, from offset: UInt64) -> SystemCallResult<(Range<UInt64>, isWritten: Bool)> {
    .failure(ENOTSUP)
  }

  /// Moves bytes of a file into a pipe without copying them, and the offset past them; returns their number.
  func moveBytes(_ source: CInt, at offset: inout off_t, byteCount: Int, to pipe: CInt) -> SystemCallResult<Int> {
    .failure(ENOTSUP)
  }

  /// Lends memory that never changes to a pipe; returns the number of bytes.
  func lendBytes(_ bytes: UnsafeRawBufferPointer, to pipe: CInt) -> SystemCallResult<Int> { .failure(ENOTSUP) }

  /// Exchanges the names of two files or directories.
  func exchangeNames(_ one: String, _ other: String) -> SystemCallResult<CInt> {
    retryingOnInterrupt { renamex_np(one, other, UInt32(RENAME_SWAP)) }
  }

  /// Enlarges the buffer of a pipe to `byteCount` bytes, if the system allows it.
  func setPipeSize(_ descriptor: CInt, byteCount: CInt) {}

  /// Signals that end a process by default, besides those of POSIX.
  package let endingSignalsOfSystem: [CInt] = []

  /// The number of processors that the process may run on, if the system says.
  package func allowedProcessorCount() -> Int? { nil }

  /// The resource that a limit on address space is about.
  let addressSpaceLimit = RLIMIT_AS

  /// Address space that the process has taken, in bytes; nil if the system does not say.
  func addressSpaceByteCount() -> Int? { nil }

  /// Memory that is all zeros.
  func zeroMemory(byteCount: Int) -> UnsafeRawBufferPointer {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 4096)
    block.initializeMemory(as: UInt8.self, repeating: 0)
    return UnsafeRawBufferPointer(block)
  }

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
