extension OpenFile {
  /// Bytes that the file takes on its file system, holes not counted; those of all of it for a device.
  package func storedByteCount() throws(FileError) -> UInt64 {
    guard kind != .blockDevice else { return try byteCount() ?? 0 }
    return UInt64(try fileStatus(of: descriptor, name: name).st_blocks) * 512
  }

  /// Bytes that can still be written to the file's file system.
  ///
  /// Nil for anything but a regular file, and if the file system does not say (a tmpfs without a limit reports no blocks).
  package func freeByteCount() -> UInt64? {
    guard kind == .regular else { return nil }
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return nil }
    // Some blocks are kept for root.
    let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
    return UInt64(blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
  }

  /// Asks the system to reserve space for the bytes in `range`, at whose end the file then ends; false when it can't.
  ///
  /// That is not an error: a write that finds no room reports one.
  package func reserve(_ range: Range<UInt64>) -> Bool {
    reserveSpace(descriptor, at: place(range.lowerBound), byteCount: length(range))
  }

  /// Lets a device make zeros of `range` itself; false when it can't, and they have to be written.
  package func zeroDevice(_ range: Range<UInt64>) -> Bool {
    zeroSpace(descriptor, at: place(range.lowerBound), byteCount: length(range))
  }

  /// Makes a hole of `range`, which then reads as zeros; false where the system can't.
  package func punchHole(_ range: Range<UInt64>) -> Bool {
    freeSpace(descriptor, at: place(range.lowerBound), byteCount: length(range))
  }

  private func place(_ offset: UInt64) -> off_t { off_t(clamping: baseOffset + offset) }
  private func length(_ range: Range<UInt64>) -> off_t { off_t(clamping: range.upperBound - range.lowerBound) }
}
