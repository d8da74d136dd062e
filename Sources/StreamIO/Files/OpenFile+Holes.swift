extension OpenFile {
  /// The first run of bytes at or after `offset` that may hold data; nil when there are only holes up to the end.
  ///
  /// Where the system knows of no holes (a device, an old file system), all up to `end` counts as data.
  package func dataRun(from offset: UInt64, end: UInt64) -> Range<UInt64>? {
    guard offset < end else { return nil }
    guard kind == .regular else { return offset..<end }
    let start: UInt64
    switch seek(to: offset, seekData) {
    case .success(let found): start = found
    case .failure(ENXIO): return nil
    case .failure: return offset..<end
    }
    guard start < end else { return nil }
    guard case .success(let stop) = seek(to: start, seekHole), stop > start else { return start..<end }
    return start..<min(stop, end)
  }

  private func seek(to offset: UInt64, _ whence: CInt) -> SystemCallResult<UInt64> {
    switch retryingOnInterrupt({ lseek(descriptor, off_t(clamping: baseOffset + offset), whence) }) {
    case .success(let found): .success(UInt64(found) - min(baseOffset, UInt64(found)))
    case .failure(let code): .failure(code)
    }
  }
}
