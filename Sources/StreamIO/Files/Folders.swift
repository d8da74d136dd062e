/// Makes a directory; messages use `name`.
package func makeDirectory(_ path: String, name: String) throws(FileError) {
  _ = try retryingOnInterrupt { mkdir(path, 0o777) }.get { FileError(.open, name, code: $0) }
}

/// Removes a directory and these files in it; returns false if something is left.
///
/// Opens nothing, so it works without free descriptors, and enters no directory.
@discardableResult
package func removeDirectory(_ path: String, with names: [String]) -> Bool {
  for name in names { _ = unlink(path + "/" + name) }
  return rmdir(path) == 0 || errno == ENOENT
}

/// The most bytes that a name in the directory may have.
package func longestName(in directory: String) -> Int {
  let limit = pathconf(directory, CInt(_PC_NAME_MAX))
  return limit > 0 ? limit : 255
}
