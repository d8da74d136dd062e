/// The directory part of `path` with its slash; empty for the current directory.
package func directoryPart(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return String(path[...slash])
}

/// The file that `path` leads to after following all symbolic links.
///
/// Fails if the name is not valid UTF-8: a repaired name would be that of another file.
package func targetOfLinks(_ path: String) throws(FileError) -> String {
  guard let resolved = realpath(path, nil) else { throw FileError(.open, path, code: errno) }
  defer { free(resolved) }
  guard let target = String(validatingCString: resolved) else { throw FileError(.open, path, code: EILSEQ) }
  return target
}

/// Renames `old` to `path`; fails if `path` exists, unless `replacing`.
package func renameFile(_ old: String, to path: String, replacing: Bool) throws(FileError) {
  // Not every file system can refuse an existing name atomically; on those, a file created in the meantime is replaced.
  let result = (replacing ? nil : renameExclusively(old, to: path)) ?? retryingOnInterrupt { rename(old, path) }
  _ = try result.get { FileError(.rename, path, code: $0) }
}
