import StreamIO

extension Events {
  /// Warns, before the first byte, when what is to be written is more than the output's file system can take.
  ///
  /// It is a warning only: clusters that turn out to be zeros take no space, and the user may free some meanwhile.
  func warnOfSpace(forByteCount needed: UInt64, in output: OpenFile) {
    guard let free = output.freeByteCount(), free < needed else { return }
    report(
      .warning(path: output.name, "the file system has \(free) bytes free, and \(needed) bytes may have to be written"))
  }
}
