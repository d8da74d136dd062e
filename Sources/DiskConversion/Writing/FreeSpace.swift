import StreamIO

extension Events {
  /// Warns, before the first byte, if the output may need more space than its file system has free.
  ///
  /// This is only a warning: clusters of zeros take no space, and the user may free space in the meantime.
  func warnOfSpace(forByteCount needed: UInt64, in output: OpenFile) {
    guard let free = output.freeByteCount(), free < needed else { return }
    report(
      .warning(path: output.name, "the file system has \(free) bytes free, but the output may need \(needed)"))
  }
}
