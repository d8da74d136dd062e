/// Why an output can't be written to.
package enum OutputError: Error, Equatable, Sendable {
  /// The system said no.
  case file(FileError)
  /// There is a file of that name already, and replacing it was not asked for.
  case exists(path: String)
  /// It is a block device, and overwriting it was not asked for.
  case isBlockDevice(path: String)
  /// It was opened for appending (`>>`), so nothing can be put at an offset.
  case isAppendOnly(path: String)
  /// Messages go to the same file or pipe, where they would be among the data.
  case takesMessages(path: String)
  /// It is a redirected file with bytes behind the offset where the output would begin.
  case hasContents(path: String)
}
