/// Gives a finished file its name.
package enum FinalName {
  /// A way to give a file a name only if it does not exist.
  ///
  /// Each returns nil where the file system does not have it. Without one, two processes with the same output would both
  /// succeed.
  package enum Way: CaseIterable, Sendable {
    /// A rename that refuses an existing name: local file systems.
    case renaming
    /// A second name, then without the first: NFS.
    case linking
    /// An empty file as a reservation, which is replaced: file systems without hard links.
    case reserving
  }

  /// Renames `old` to `path`; fails with `EEXIST` if `path` exists, unless `replacing`.
  package static func give(
    _ path: String, to old: String, replacing: Bool, ways: [Way] = Way.allCases
  ) throws(FileError) {
    let result = replacing ? retryingOnInterrupt { rename(old, path) } : giveNew(path, to: old, ways: ways)
    _ = try result.get { FileError(.rename, path, code: $0) }
  }

  /// Exchanges the names of two files or directories on the same file system, in one step.
  package static func exchange(_ path: String, with other: String) throws(FileError) {
    _ = try exchangeNames(path, other).get { FileError(.rename, path, code: $0) }
  }

  private static func giveNew(_ path: String, to old: String, ways: [Way]) -> SystemCallResult<CInt> {
    for way in ways {
      if let result = way.give(path, to: old) { return result }
    }
    return .failure(ENOTSUP)
  }
}

extension FinalName.Way {
  fileprivate func give(_ path: String, to old: String) -> SystemCallResult<CInt>? {
    switch self {
    case .renaming: return renameExclusively(old, to: path)
    case .linking:
      switch retryingOnInterrupt({ link(old, path) }) {
      case .failure(EPERM), .failure(ENOTSUP), .failure(ENOSYS), .failure(EMLINK): return nil
      case .failure(let code): return .failure(code)
      case .success: return .success(unlink(old))
      }
    case .reserving:
      let reserved = retryingOnInterrupt { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
      guard case .success(let descriptor) = reserved else { return reserved }
      _ = closeDescriptor(descriptor)
      let result = retryingOnInterrupt { rename(old, path) }
      if case .failure = result { _ = unlink(path) }
      return result
    }
  }
}
