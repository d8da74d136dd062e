extension OpenFile {
  /// Whether it is a pipe, to which the system can lend pages of memory instead of copying them.
  package var isPipe: Bool { (try? fileStatus(of: descriptor, name: name).st_mode & S_IFMT == S_IFIFO) ?? false }

  /// Moves the bytes of `source` in `range` into this pipe without copying them.
  ///
  /// Returns their number, which is smaller if the system refuses the next one, or if the source ends. `position` is the
  /// offset of the first byte in the pipe, for messages.
  package func splice(
    _ range: Range<UInt64>, of source: OpenFile, position: UInt64
  ) throws(FileError) -> (byteCount: UInt64, isRefused: Bool) {
    var offset = off_t(clamping: source.baseOffset + range.lowerBound)
    let end = off_t(clamping: source.baseOffset + range.upperBound)
    let start = offset
    while offset < end {
      switch moveBytes(source.descriptor, at: &offset, byteCount: Int(end - offset), to: descriptor) {
      case .success(0): return (UInt64(offset - start), isRefused: false)
      case .success: break
      case .failure(EAGAIN): waitUntilWritable()
      case .failure(let code):
        guard code == EPIPE || OpenFile.isFatal(code) else { return (UInt64(offset - start), isRefused: true) }
        throw FileError(.write, name, at: position + UInt64(offset - start), code: code)
      }
    }
    return (UInt64(end - start), isRefused: false)
  }

  /// Writes all of `zeros` to a stream, lending them to it if it is a pipe; they must never change.
  ///
  /// `position` is the offset of the first byte, for messages.
  package func writeNextZeros(_ zeros: UnsafeRawBufferPointer, position: UInt64) throws(FileError) {
    var done = 0
    while done < zeros.count {
      switch lendBytes(UnsafeRawBufferPointer(rebasing: zeros[done...]), to: descriptor) {
      case .success(let count) where count > 0: done += count
      case .failure(EAGAIN): waitUntilWritable()
      case .success, .failure:
        let rest = UnsafeRawBufferPointer(rebasing: zeros[done...])
        return try writeNext(rest, position: position + UInt64(done))
      }
    }
  }

  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = retryingOnInterrupt { poll(&request, 1, -1) }
  }
}
