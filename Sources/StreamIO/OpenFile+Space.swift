#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension OpenFile {
  /// Bytes that the file takes on its file system, holes not counted; those of all of it for a device.
  package func storedByteCount() throws(IOError) -> UInt64 {
    guard kind != .blockDevice else { return try byteCount() ?? 0 }
    return UInt64(try fileStatus(of: descriptor, name: name).st_blocks) * 512
  }

  /// Bytes that an ordinary user can still write to the file's file system; nil for what is no regular file.
  package func freeByteCount() -> UInt64? {
    guard kind == .regular else { return nil }
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else { return nil }
    return UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
  }
}
