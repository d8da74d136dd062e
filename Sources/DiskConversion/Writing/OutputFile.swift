import StreamIO
import Synchronization

/// An output that can be removed until it is complete, from any thread.
protocol UnfinishedOutput: AnyObject, Sendable {
  /// Removes what was written; does nothing once it is complete.
  func discard()
}

/// An output file that appears under its final name only when it is complete.
///
/// Until `commit`, a new file has no name, or a temporary one in the same directory where the file system does not allow
/// that; `discard` removes it. A redirected file is truncated to where it began. Devices and pipes keep what was written.
final class OutputFile: UnfinishedOutput {
  /// What happens to the file at the end.
  enum Fate {
    /// It gets a name; `temporaryPath` is the one that it has, or nil.
    case named(String, temporaryPath: String?, replacing: Bool)
    case cutBack
    case left
    /// It gets its name with the folder that it is in.
    case inBundle(NewBundleFolder)
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
    case .named(let path, let temporaryPath, let replacing):
      try converting(giveName(path, temporaryPath: temporaryPath, replacing: replacing, durably: durably))
    case .inBundle(let folder):
      try converting(file.close())
      try folder.commit(durably: durably)
      isUnderWay.store(false, ordering: .releasing)
    case .cutBack:
      try converting(file.checkClose())
      isUnderWay.store(false, ordering: .releasing)
      _ = lseek(file.descriptor, off_t(clamping: file.baseOffset + byteCount), SEEK_SET)
    case .left:
      if file.descriptor > STDERR_FILENO {
        try converting(file.close())
      } else {
        try converting(file.checkClose())
      }
      isUnderWay.store(false, ordering: .releasing)
    }
  }

  private func giveName(
    _ path: String, temporaryPath: String?, replacing: Bool, durably: Bool
  ) throws(FileError) {
    // Open the directory first: an error before the file has its name leaves no output.
    let directory = try durably ? OpenFile(directoryOf: path) : nil
    if let temporaryPath {
      try file.close()
      try FinalName.give(path, to: temporaryPath, replacing: replacing)
    } else {
      try file.checkClose()
      try replacing ? replace(path) : file.give(name: path)
      try? file.close()
    }
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

  /// Gives a file without a name that of another file, through a temporary one, since nothing does it at once.
  private func replace(_ path: String) throws(FileError) {
    let temporaryPath = Self.temporaryPath(for: path)
    try file.give(name: temporaryPath)
    do throws(FileError) {
      try FinalName.give(path, to: temporaryPath, replacing: true)
    } catch {
      _ = unlink(temporaryPath)
      throw error
    }
  }

  /// Removes what was written.
  ///
  /// Does nothing after `commit`; may be called from any thread.
  func discard() {
    // Another thread may still be removing a folder.
    if case .inBundle(let folder) = fate { folder.discard() }
    guard isUnderWay.exchange(false, ordering: .acquiringAndReleasing) else { return }
    switch fate {
    case .named(_, let temporaryPath, _): if let temporaryPath { _ = unlink(temporaryPath) }
    case .cutBack: try? file.truncate(to: 0)
    case .left, .inBundle: break
    }
  }
}
