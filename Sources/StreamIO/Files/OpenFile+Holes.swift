extension OpenFile {
  /// The first byte at or after `offset` that may hold data; nil if there are only holes up to `end`.
  ///
  /// If the system can't report holes (a device, an old file system), everything counts as data.
  package func dataStart(from offset: UInt64, end: UInt64) -> UInt64? {
    guard offset < end else { return nil }
    guard kind == .regular else { return offset }
    switch seek(to: offset, seekData) {
    case .success(let found): return found < end ? found : nil
    case .failure(ENXIO): return nil
    case .failure: return offset
    }
  }

  /// The end of the run of data that begins at `start`, but at most `end`.
  package func dataEnd(from start: UInt64, end: UInt64) -> UInt64 {
    guard kind == .regular, case .success(let stop) = seek(to: start, seekHole), stop > start else { return end }
    return min(stop, end)
  }

  private func seek(to offset: UInt64, _ whence: CInt) -> SystemCallResult<UInt64> {
    switch retryingOnInterrupt({ lseek(descriptor, off_t(clamping: baseOffset + offset), whence) }) {
    case .success(let found): .success(UInt64(found) - min(baseOffset, UInt64(found)))
    case .failure(let code): .failure(code)
    }
  }
}
