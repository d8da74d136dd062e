#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes some of `bytes`; returns how many, or -1 for an error.
///
/// A descriptor that is shared with somebody who wants it non-blocking is waited for: that is no reason to lose text.
func writeWaiting(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int {
  while true {
    let count = write(descriptor, bytes.baseAddress, bytes.count)
    guard count < 0, errno == EINTR || errno == EAGAIN else { return count }
    guard errno == EAGAIN else { continue }
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
