/// An existing file that a new one will replace.
package struct ReplacedFile: Sendable {
  private let path: String
  private let ownerID: uid_t
  private let groupID: gid_t
  private let mode: mode_t

  /// Looks at the file at `path`; messages use `name`.
  ///
  /// - Throws: The error that replacing it would end in, as far as it can be known: the file is immutable, is a mount
  ///   point, or belongs to somebody else in a sticky directory.
  package init(_ path: String, name: String) throws(FileError) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(.status, name, code: errno) }
    (ownerID, groupID, mode) = (status.st_uid, status.st_gid, status.st_mode & 0o777)
    if let code = renamingObstacle(path) { throw FileError(.rename, name, code: code) }
    let directory = directoryPart(of: path)
    var folder = stat()
    guard stat(directory.isEmpty ? "." : directory, &folder) == 0 else {
      throw FileError(.status, name, code: errno)
    }
    let user = geteuid()
    guard folder.st_mode & S_ISVTX == 0 || [0, ownerID, folder.st_uid].contains(user) else {
      throw FileError(.rename, name, code: EPERM)
    }
  }

  /// Gives owner, mode, ACL and security label to `file`; returns what could not be kept.
  package func giveProperties(to file: OpenFile) -> [String] {
    var lost: [String] = []
    if fchown(file.descriptor, ownerID, groupID) != 0 {
      // Only root may give files away, but a user may choose among their groups.
      if ownerID != geteuid() { lost.append("owner") }
      if fchown(file.descriptor, .max, groupID) != 0 { lost.append("group") }
    }
    if fchmod(file.descriptor, mode) != 0 { lost.append("mode") }
    for (attribute, name) in attributesToKeep
    where !copyAttribute(attribute, from: path, to: file.descriptor) { lost.append(name) }
    return lost
  }
}
