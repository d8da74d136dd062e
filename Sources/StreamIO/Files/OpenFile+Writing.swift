extension OpenFile {
  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let place = off_t(clamping: baseOffset + offset + UInt64(done))
      let count = try retryingOnInterrupt { pwrite(descriptor, rest.baseAddress, rest.count, place) }
        .get { FileError(.write, name, at: offset + UInt64(done), code: $0) }
      // A write of nothing, without a reason, would be tried forever.
      guard count > 0 else { throw FileError(.write, name, at: offset + UInt64(done), code: EIO) }
      done += count
    }
  }

  /// Writes all of `bytes` to a stream.
  ///
  /// `position` is that of the first byte, for messages.
  package func writeNext(_ bytes: UnsafeRawBufferPointer, position: UInt64) throws(FileError) {
    try writeDescriptor(descriptor, bytes, name: name, position: position)
  }

  /// Makes the file end after `byteCount` bytes.
  package func truncate(to byteCount: UInt64) throws(FileError) {
    let length = off_t(clamping: baseOffset + byteCount)
    _ = try retryingOnInterrupt { ftruncate(descriptor, length) }
      .get { FileError(.truncate, name, at: byteCount, code: $0) }
  }

  /// Waits until all that was written is on the disk.
  package func synchronize() throws(FileError) {
    _ = try retryingOnInterrupt { fsync(descriptor) }.get { FileError(.sync, name, code: $0) }
  }
}
