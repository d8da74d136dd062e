import StreamIO
import Synchronization

/// A file to be written, which does not appear under its name before it is complete.
///
/// A new file has a temporary name in its directory until `commit`; `discard` removes it. A redirected file is cut
/// back to where it began. Devices and pipes are written as they are.
final class OutputFile: Sendable {
  /// What becomes of the file at the end.
  enum Fate {
    case renamed(from: String, to: String, replacing: Bool)
    case cutBack
    case left
  }

  /// The file, open for writing.
  let file: OpenFile
  private let fate: Fate
  private let isUnderWay = Atomic<Bool>(true)

  init(_ file: OpenFile, fate: Fate) {
    self.file = file
    self.fate = fate
  }

  deinit { discard() }

  /// Gives the file its name, and with `durably` waits until file and name are on the disk.
  ///
  /// `byteCount` is the length of what was written: the next writer to a redirected file goes on after it.
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
    // Opened first: what can fail before the file has its name leaves no output.
    let directory = try durably ? OpenFile(directoryOf: path) : nil
    try file.close()
    try renameFile(temporary, to: path, replacing: replacing)
    isUnderWay.store(false, ordering: .releasing)
    do throws(FileError) {
      try directory?.synchronize()
    } catch  where error.code == EINVAL || error.code == ENOTSUP {
      // The file system does not need this call for directories, or does not have it: nothing more can be done.
    } catch {
      // What was replaced does not come back, so there the new file, which is complete, is better than none.
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
