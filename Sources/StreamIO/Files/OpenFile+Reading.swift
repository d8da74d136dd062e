extension OpenFile {
  /// Fills `buffer` with the bytes at `offset`; returns the number read, which is smaller only at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let place = off_t(clamping: baseOffset + offset + UInt64(done))
      let count = try retryingOnInterrupt { pread(descriptor, rest.baseAddress, rest.count, place) }
        .get { FileError(.read, name, at: offset + UInt64(done), code: $0) }
      guard count > 0 else { break }
      done += count
    }
    return done
  }

  /// Fills `buffer` with the next bytes of a stream; returns the number read, which is smaller only at its end.
  ///
  /// Waits for bytes until `interrupt` is raised. `position` is the offset of the first byte, for messages.
  package func readNext(
    into buffer: UnsafeMutableRawBufferPointer, position: UInt64, interrupt: Interrupt
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      try interrupt.waitUntilReadable(self, position: position + UInt64(done))
      let result = readDescriptor(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
      if case .failure(EAGAIN) = result { continue }
      let count = try result.get { FileError(.read, name, at: position + UInt64(done), code: $0) }
      guard count > 0 else { break }
      done += count
    }
    return done
  }
}
