/// The directory part of `path` with its slash; empty for the current directory.
package func directoryPart(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return String(path[...slash])
}

/// The file that `path` leads to when all symbolic links are followed.
///
/// If that name is not valid UTF-8, this fails: a converted name would be that of another file.
package func targetOfLinks(_ path: String) throws(FileError) -> String {
  guard let resolved = realpath(path, nil) else { throw FileError(.open, path, code: errno) }
  defer { free(resolved) }
  guard let target = String(validatingCString: resolved) else { throw FileError(.open, path, code: EILSEQ) }
  return target
}

/// Gives a file the name `path`; fails if there is a file of that name, unless it may be replaced.
package func renameFile(_ old: String, to path: String, replacing: Bool) throws(FileError) {
  // If the file system can't refuse a name that was taken in the meantime, that file is replaced, too.
  let result = (replacing ? nil : renameExclusively(old, to: path)) ?? retryingOnInterrupt { rename(old, path) }
  _ = try result.get { FileError(.rename, path, code: $0) }
}
