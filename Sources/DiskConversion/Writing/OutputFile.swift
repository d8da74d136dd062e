import StreamIO
import Synchronization

/// An output file that appears under its final name only when it is complete.
///
/// A new file has a temporary name in the same directory until `commit`; `discard` removes it. A redirected file is
/// truncated to where it began. Devices and pipes keep what was written.
final class OutputFile: Sendable {
  /// What happens to the file at the end.
  enum Fate {
    case renamed(from: String, to: String, replacing: Bool)
    case cutBack
    case left
  }

  let file: OpenFile
  private let fate: Fate
  private let isUnderWay = Atomic<Bool>(true)

  init(_ file: OpenFile, fate: Fate) {
    self.file = file
    self.fate = fate
  }

  deinit { discard() }

  /// Gives the file its final name; if `durably`, waits until file and name are on the disk.
  ///
  /// `byteCount` is the length of the output: the next writer to a redirected file continues after it.
  func commit(byteCount: UInt64, durably: Bool) throws(ConversionError) {
    if durably, file.isSeekable { try converting(file.synchronize()) }
    switch fate {
    case .renamed(let temporary, let path, let replacing):
      try converting(giveName(path, from: temporary, replacing: replacing, durably: durably))
    case .cutBack:
      try converting(checkCloseOfStandardOutput())
      isUnderWay.store(false, ordering: .releasing)
      _ = lseek(file.descriptor, off_t(clamping: file.baseOffset + byteCount), SEEK_SET)
    case .left:
      if file.descriptor > STDERR_FILENO {
        try converting(file.close())
      } else {
        try converting(checkCloseOfStandardOutput())
      }
      isUnderWay.store(false, ordering: .releasing)
    }
  }

  private func giveName(_ path: String, from temporary: String, replacing: Bool, durably: Bool) throws(FileError) {
    // Open the directory first: an error before the file has its name leaves no output.
    let directory = try durably ? OpenFile(directoryOf: path) : nil
    try file.close()
    try renameFile(temporary, to: path, replacing: replacing)
    isUnderWay.store(false, ordering: .releasing)
    do throws(FileError) {
      try directory?.synchronize()
    } catch  where error.code == EINVAL || error.code == ENOTSUP {
      // The file system does not need or support this call for directories: nothing more can be done.
    } catch {
      // A replaced file can't be restored, so keep the new one, which is complete.
      if !replacing { _ = unlink(path) }
      throw error
    }
  }

  /// Removes what was written.
  ///
  /// Does nothing after `commit`; may be called from any thread.
  func discard() {
    guard isUnderWay.exchange(false, ordering: .acquiringAndReleasing) else { return }
    switch fate {
    case .renamed(let temporary, _, _): _ = unlink(temporary)
    case .cutBack: try? file.truncate(to: 0)
    case .left: break
    }
  }
}
