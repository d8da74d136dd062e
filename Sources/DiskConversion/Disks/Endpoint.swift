import StreamIO

/// Where a disk is read from or written to.
public enum Endpoint: Equatable, Sendable {
  /// Standard input, or standard output.
  case standardStream
  /// A file, a device or a named pipe.
  case path(String)

  /// What messages call it as an output.
  var name: String {
    switch self {
    case .standardStream: "stdout"
    case .path(let path): path
    }
  }

  /// What messages call it as an input.
  var inputName: String { self == .standardStream ? "stdin" : name }

  /// Opens it as an input.
  func openForReading() throws(ConversionError) -> OpenFile {
    switch self {
    case .standardStream: try converting(OpenFile.standardInput())
    case .path(let path): try converting(OpenFile(reading: path))
    }
  }

  /// Opens it as an output, which must not be `input`: a new file until it is committed, `force` or not.
  ///
  /// - Throws: `isInputToo`, `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents` or `takesMessages` when it must
  ///   not be written to; `file` when it cannot be opened.
  func openForWriting(
    besides input: OpenFile, force: Bool, control: ConversionControl
  ) throws(ConversionError) -> OutputFile {
    guard !isSameFile(as: input) else { throw ConversionError(input.name, .isInputToo) }
    let output =
      switch self {
      case .standardStream: try OutputFile.standardOutput(force: force)
      case .path(let path): try OutputFile.open(path, force: force)
      }
    control.own(output)
    return output
  }

  private func isSameFile(as input: OpenFile) -> Bool {
    guard input.isSeekable else { return false }
    return switch self {
    case .standardStream: input.identity == OpenFile.identity(ofDescriptor: 1)
    case .path(let path): input.identity == OpenFile.identity(ofPath: path)
    }
  }
}
