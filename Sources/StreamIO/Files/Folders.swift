/// Makes a directory; messages use `name`.
package func makeDirectory(_ path: String, name: String) throws(FileError) {
  _ = try retryingOnInterrupt { mkdir(path, 0o777) }.get { FileError(.open, name, code: $0) }
}

/// Removes a directory and everything in it, without following links; returns false if something is left.
@discardableResult
package func removeTree(_ path: String) -> Bool {
  var status = stat()
  guard lstat(path, &status) == 0 else { return errno == ENOENT }
  guard status.st_mode & S_IFMT == S_IFDIR else { return unlink(path) == 0 }
  let names = (try? OpenFile(directory: path).names()) ?? []
  for name in names { removeTree(path + "/" + name) }
  return rmdir(path) == 0
}

/// The most bytes that a name in the directory may have.
package func longestName(in directory: String) -> Int {
  let limit = pathconf(directory, CInt(_PC_NAME_MAX))
  return limit > 0 ? limit : 255
}
