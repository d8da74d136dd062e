import StreamIO

/// An open input: a file of the system, or bytes that a program provides.
enum InputFile: Sendable {
  case file(OpenFile)
  case reader(NamedReader)

  /// The name in messages.
  var name: String {
    switch self {
    case .file(let file): file.name
    case .reader(let reader): reader.name
    }
  }

  /// The file of the system; nil for bytes that a program provides.
  var file: OpenFile? {
    guard case .file(let file) = self else { return nil }
    return file
  }

  /// The bytes in order, from the start.
  func stream(_ control: ConversionControl) -> LookaheadStream {
    switch self {
    case .file(let file): LookaheadStream(file, interrupt: control.cancellation.interrupt)
    case .reader(let reader): LookaheadStream(ReaderStream(reader))
    }
  }

  /// The bytes at any offset; nil for a pipe.
  func diskFile(_ progress: ConversionProgress) throws(ConversionError) -> DiskFile? {
    switch self {
    case .file(let file): try DiskFile(file, progress: progress)
    case .reader(let reader): DiskFile(reader, progress: progress)
    }
  }
}
