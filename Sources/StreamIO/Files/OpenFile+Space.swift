extension OpenFile {
  /// Bytes that the file occupies on its file system, not counting holes; for a device, its size.
  package func storedByteCount() throws(FileError) -> UInt64 {
    guard kind != .blockDevice else { return try byteCount() ?? 0 }
    return UInt64(try fileStatus(of: descriptor, name: name).st_blocks) * 512
  }

  /// Bytes that can still be written to the file system.
  ///
  /// Nil unless this is a regular file on a file system that reports it (a tmpfs without a limit reports no blocks).
  package func freeByteCount() -> UInt64? {
    guard kind == .regular else { return nil }
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return nil }
    // Some blocks are reserved for root.
    let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
    return UInt64(blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
  }

  /// Whether reserving space before writing makes anything faster.
  ///
  /// On tmpfs, space that is reserved is memory that is taken. On Btrfs, what is written to reserved space is never
  /// compressed.
  package var gainsFromReserving: Bool { kind == .regular && fileSystemAllocatesBlocks(descriptor) }

  /// Asks the system to reserve space for `range`, extending the file to its end if necessary; returns false on
  /// failure.
  ///
  /// Failure is not an error: a write that finds no room reports one.
  package func reserve(_ range: Range<UInt64>) -> Bool {
    reserveSpace(descriptor, at: place(range.lowerBound), byteCount: length(range))
  }

  /// Has a device zero `range` itself; returns false if it can't, so the zeros must be written.
  package func zeroDevice(_ range: Range<UInt64>) -> Bool {
    zeroSpace(descriptor, at: place(range.lowerBound), byteCount: length(range))
  }

  /// Turns `range` into a hole, which reads as zeros; returns false if the system can't.
  package func punchHole(_ range: Range<UInt64>) -> Bool {
    freeSpace(descriptor, at: place(range.lowerBound), byteCount: length(range))
  }

  /// Has the system forget what it keeps of the file in memory, as far as it is on the disk.
  package func dropFromCache() { forgetCached(descriptor) }

  private func place(_ offset: UInt64) -> off_t { off_t(clamping: baseOffset + offset) }
  private func length(_ range: Range<UInt64>) -> off_t { off_t(clamping: range.upperBound - range.lowerBound) }
}
