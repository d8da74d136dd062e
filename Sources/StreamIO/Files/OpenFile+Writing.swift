#if canImport(Glibc)
  import CLinux
  import Glibc
#else
  import Darwin
#endif

extension OpenFile {
  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let place = off_t(clamping: baseOffset + offset + UInt64(done))
      let count = try retryingOnInterrupt { pwrite(descriptor, rest.baseAddress, rest.count, place) }
        .get { FileError(.write, name, at: offset + UInt64(done), code: $0) }
      // A write of nothing, without a reason, would be tried for ever.
      guard count > 0 else { throw FileError(.write, name, at: offset + UInt64(done), code: EIO) }
      done += count
    }
  }

  /// Writes all of `bytes` to a stream.
  ///
  /// `position` is that of the first byte, for messages.
  package func writeNext(_ bytes: UnsafeRawBufferPointer, position: UInt64) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let result = retryingOnInterrupt { systemWrite(descriptor, rest.baseAddress, rest.count) }
      if case .failure(EAGAIN) = result {
        waitUntilWritable()
        continue
      }
      let count = try result.get { FileError(.write, name, at: position + UInt64(done), code: $0) }
      guard count > 0 else { throw FileError(.write, name, at: position + UInt64(done), code: EIO) }
      done += count
    }
  }

  /// Makes the file end after `byteCount` bytes.
  package func truncate(to byteCount: UInt64) throws(FileError) {
    let length = off_t(clamping: baseOffset + byteCount)
    _ = try retryingOnInterrupt { ftruncate(descriptor, length) }
      .get { FileError(.truncate, name, at: byteCount, code: $0) }
  }

  /// Asks the system to have room for the bytes in `range`, the file then ending after them; false when it can't.
  ///
  /// That it can't is no error: the write that finds no room says so itself.
  package func reserve(_ range: Range<UInt64>) -> Bool {
    #if os(Linux)
      let result = retryingOnInterrupt {
        fallocate(
          descriptor, 0, off_t(clamping: baseOffset + range.lowerBound),
          off_t(clamping: range.upperBound - range.lowerBound))
      }
      if case .success = result { return true }
    #endif
    return false
  }

  /// Lets a device make zeros of `range` itself; false when it can't, and they have to be written.
  package func zeroDevice(_ range: Range<UInt64>) -> Bool {
    #if os(Linux)
      return changeSpace(CLINUX_FALLOC_FL_ZERO_RANGE, range)
    #else
      return false
    #endif
  }

  /// Makes a hole of `range`, which then reads as zeros; false where the system can't.
  package func punchHole(_ range: Range<UInt64>) -> Bool {
    #if os(Linux)
      return changeSpace(CLINUX_FALLOC_FL_PUNCH_HOLE, range)
    #else
      return false
    #endif
  }

  #if os(Linux)
    private func changeSpace(_ mode: Int, _ range: Range<UInt64>) -> Bool {
      let length = off_t(clamping: range.upperBound - range.lowerBound)
      let result = retryingOnInterrupt {
        fallocate(
          descriptor, CInt(mode | CLINUX_FALLOC_FL_KEEP_SIZE), off_t(clamping: baseOffset + range.lowerBound), length)
      }
      guard case .success = result else { return false }
      return true
    }
  #endif

  /// Waits until all that was written is on the disk.
  package func synchronize() throws(FileError) {
    _ = try retryingOnInterrupt { fsync(descriptor) }.get { FileError(.sync, name, code: $0) }
  }

  /// A non-blocking descriptor, shared with somebody who wants it so, has no room now.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = retryingOnInterrupt { poll(&request, 1, -1) }
  }
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
