extension OpenFile {
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let place = off_t(clamping: baseOffset + offset + UInt64(done))
      let count = try retryingOnInterrupt { pwrite(descriptor, rest.baseAddress, rest.count, place) }
        .get { FileError(.write, name, at: offset + UInt64(done), code: $0) }
      // A write that returns 0 without an error would otherwise be retried forever.
      guard count > 0 else { throw FileError(.write, name, at: offset + UInt64(done), code: EIO) }
      done += count
    }
  }

  /// Writes all of `bytes` to a stream.
  ///
  /// `position` is the offset of the first byte, for messages.
  package func writeNext(_ bytes: UnsafeRawBufferPointer, position: UInt64) throws(FileError) {
    try writeDescriptor(descriptor, bytes, name: name, position: position)
  }

  /// Sets the length of the file, in bytes.
  package func truncate(to byteCount: UInt64) throws(FileError) {
    let length = off_t(clamping: baseOffset + byteCount)
    _ = try retryingOnInterrupt { ftruncate(descriptor, length) }
      .get { FileError(.truncate, name, at: byteCount, code: $0) }
  }

  /// Waits until everything written is on the disk.
  package func synchronize() throws(FileError) {
    _ = try retryingOnInterrupt { fsync(descriptor) }.get { FileError(.sync, name, code: $0) }
  }
}
