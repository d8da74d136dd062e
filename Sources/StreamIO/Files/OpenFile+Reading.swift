#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension OpenFile {
  /// Fills `buffer` from `offset` on; returns the bytes read, fewer than asked for only at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
    try fill(buffer, at: offset) { rest, done in
      pread(descriptor, rest.baseAddress, rest.count, off_t(clamping: baseOffset + offset + UInt64(done)))
    }
  }

  /// Fills `buffer` with the next bytes of a stream; returns the bytes read, fewer than asked for only at its end.
  ///
  /// `position` is that of the first byte, for messages. Waits for bytes until `interrupt` ends the wait.
  package func readNext(
    into buffer: UnsafeMutableRawBufferPointer, position: UInt64, interrupt: Interrupt
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      try interrupt.waitUntilReadable(self, position: position + UInt64(done))
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let result = retryingOnInterrupt { systemRead(descriptor, rest.baseAddress, rest.count) }
      if case .failure(EAGAIN) = result { continue }
      let count = try result.get { FileError(.read, name, at: position + UInt64(done), code: $0) }
      guard count > 0 else { break }
      done += count
    }
    return done
  }

  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: UInt64,
    _ call: (UnsafeMutableRawBufferPointer, Int) -> Int
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = try retryingOnInterrupt { call(rest, done) }
        .get { FileError(.read, name, at: offset + UInt64(done), code: $0) }
      guard count > 0 else { break }
      done += count
    }
    return done
  }
}

private func systemRead(_ descriptor: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
