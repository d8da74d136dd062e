import StreamIO

/// Finds out whether somebody writes to a file while it is read, which makes a copy of two states.
struct ChangeWatch {
  private let file: OpenFile
  private let version: [Int]

  /// Begins to watch; nothing of the file may have been read before.
  init(_ file: OpenFile) throws(ConversionError) {
    self.file = file
    version = try converting { () throws(FileError) in try file.version() }
  }

  /// Says so, as an error or as a warning, when the file is not what it was.
  func check(isError: Bool, control: ConversionControl) throws(ConversionError) {
    guard file.kind == .regular else { return }
    guard try converting({ () throws(FileError) in try file.version() }) != version else { return }
    guard !isError else { throw ConversionError(file.name, .changed) }
    control.tell(
      .warning(path: file.name, "was written to while it was read: the copy may hold old and new bytes"))
  }
}
