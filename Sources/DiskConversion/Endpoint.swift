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
    try converting { () throws(FileError) in
      switch self {
      case .standardStream: try OpenFile.standardInput()
      case .path(let path): try OpenFile(reading: path)
      }
    }
  }
}

/// Opens both ends of a conversion and makes sure that they are two.
struct Ends {
  let input: OpenFile
  let output: OutputFile

  /// The output is a new file until it is committed, `force` or not.
  init(input: Endpoint, output: Endpoint, force: Bool, control: ConversionControl) throws(ConversionError) {
    self.input = try input.openForReading()
    if try Self.isSame(self.input, output) { throw ConversionError(self.input.name, .isInputToo) }
    self.output =
      switch output {
      case .standardStream: try OutputFile.standardOutput(force: force)
      case .path(let path): try OutputFile.open(path, force: force)
      }
    control.own(self.output)
  }

  private static func isSame(_ input: OpenFile, _ output: Endpoint) throws(ConversionError) -> Bool {
    guard input.isSeekable else { return false }
    return switch output {
    case .standardStream: input.identity == OpenFile.identity(ofDescriptor: 1)
    case .path(let path): input.identity == OpenFile.identity(ofPath: path)
    }
  }
}
