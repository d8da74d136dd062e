/// Opens `path`; messages use `name`.
func openDescriptor(_ path: String, _ flags: CInt, mode: mode_t = 0o666, name: String) throws(FileError) -> CInt {
  try retryingOnInterrupt { open(path, flags | O_CLOEXEC, mode) }.get { FileError(.open, name, code: $0) }
}

/// Closes a descriptor; returns the `errno`, or 0.
///
/// On EINTR, Linux has closed the descriptor anyway.
func closeDescriptor(_ descriptor: CInt) -> CInt { close(descriptor) == -1 && errno != EINTR ? errno : 0 }

/// Reads some bytes; returns their number, or 0 at the end.
func readDescriptor(_ descriptor: CInt, into buffer: UnsafeMutableRawBufferPointer) -> SystemCallResult<Int> {
  retryingOnInterrupt { read(descriptor, buffer.baseAddress, buffer.count) }
}

/// Writes all of `bytes` in order, waiting as long as a non-blocking descriptor has no room.
///
/// `name` and `position`, the offset of the first byte, are for messages.
package func writeDescriptor(
  _ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, name: String, position: UInt64? = nil
) throws(FileError) {
  var done = 0
  while done < bytes.count {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
    let result = retryingOnInterrupt { write(descriptor, rest.baseAddress, rest.count) }
    if case .failure(EAGAIN) = result {
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = retryingOnInterrupt { poll(&request, 1, -1) }
      continue
    }
    let place = position.map { $0 + UInt64(done) }
    let count = try result.get { FileError(.write, name, at: place, code: $0) }
    // A write that returns 0 without an error would otherwise be retried forever.
    guard count > 0 else { throw FileError(.write, name, at: place, code: EIO) }
    done += count
  }
}

/// Reports what closing a descriptor would: some network file systems and quotas report a failed write only then.
///
/// Closes a copy, because the original is still in use.
func checkClose(of descriptor: CInt, name: String) throws(FileError) {
  let copy = dup(descriptor)
  guard copy >= 0 else { return }
  let code = closeDescriptor(copy)
  guard code == 0 else { throw FileError(.close, name, code: code) }
}

/// Reports what closing standard output would.
package func checkCloseOfStandardOutput() throws(FileError) { try checkClose(of: STDOUT_FILENO, name: "stdout") }
