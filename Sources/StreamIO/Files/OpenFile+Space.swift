#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension OpenFile {
  /// Bytes that the file takes on its file system, holes not counted; those of all of it for a device.
  package func storedByteCount() throws(FileError) -> UInt64 {
    guard kind != .blockDevice else { return try byteCount() ?? 0 }
    return UInt64(try fileStatus(of: descriptor, name: name).st_blocks) * 512
  }

  /// Bytes that can still be written to the file's file system; nil for what is no regular file, and where the file
  /// system does not tell (a tmpfs without a limit says that it has no blocks at all).
  package func freeByteCount() -> UInt64? {
    guard kind == .regular else { return nil }
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return nil }
    // Some blocks are kept for root.
    let blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail
    return UInt64(blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
  }
}
