/// The directory part of `path` with its slash; empty for the current directory.
///
/// Looks at bytes: as characters, a slash and a combining mark after it are one.
package func directoryPart(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
  return String(decoding: path.utf8[...slash], as: UTF8.self)
}

/// The file that `path` leads to after following all symbolic links, whether it exists or not.
///
/// Fails if the name is not valid UTF-8: a repaired name would be that of another file.
package func targetOfLinks(_ path: String) throws(FileError) -> String {
  var target = path
  // As many links as Linux follows.
  for _ in 0..<40 {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(target, &bytes, bytes.count)
    // It is no link, or does not exist.
    guard count >= 0 else { return target }
    guard let link = String(validating: bytes[..<count], as: UTF8.self) else {
      throw FileError(.open, path, code: EILSEQ)
    }
    target = link.utf8.first == UInt8(ascii: "/") ? link : directoryPart(of: target) + link
  }
  throw FileError(.open, path, code: ELOOP)
}
