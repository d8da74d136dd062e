import StreamIO

/// A place to read a disk from or write it to.
///
/// A string literal is a path: `"disk.hds"`.
public enum Endpoint: Sendable {
  /// Standard input or standard output.
  case standardStream
  /// A file, a device or a named pipe; as an input, also a bundle.
  ///
  /// The ending of a name has no meaning: options choose gzip (``ParallelsToRaw/Options/gzipLevel``) or a bundle
  /// (``NewImage/bundle``).
  case path(String)
  /// The number of an open file descriptor, which stays open; a file is read or written from its current offset.
  case descriptor(CInt)
  /// Bytes that your program provides, as an input only; `name` is for messages.
  case reader(any DiskReader, name: String)

  /// The name in messages, as an output.
  var name: String {
    switch self {
    case .standardStream: "stdout"
    case .path(let path): path
    case .descriptor(let number): "descriptor \(number)"
    case .reader(_, let name): name
    }
  }

  /// The name in messages, as an input.
  var inputName: String { self == .standardStream ? "stdin" : name }

  /// Opens the bundle that it means; nil if it means something else.
  func openBundle(_ policy: ReadingPolicy) throws(ConversionError) -> BundleFolder? {
    guard case .path(let path) = self, let folder = try BundleLocation.folder(meantBy: path) else { return nil }
    return try BundleFolder(folder, name: path, allowsExternal: policy.allowsExternal)
  }

  /// Opens it as an input.
  func openForReading() throws(ConversionError) -> InputFile {
    switch self {
    case .standardStream: .file(try converting(OpenFile.standardInput()))
    case .path(let path): .file(try converting(OpenFile(reading: path)))
    case .descriptor(let number): .file(try converting(OpenFile(sharing: number, name: name, isInput: true)))
    case .reader(let reader, let name): .reader(NamedReader(reader: reader, name: name))
    }
  }

  /// Opens it as an output; even with `force`, a new file appears only when it is committed.
  ///
  /// - Throws: `isInputToo` if it is `input`; `isReader`; `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents` or
  ///   `takesMessages` if it must not be written to; `file` if it can't be opened.
  func openForWriting(
    besides input: InputFile, force: Bool, control: ConversionControl
  ) throws(ConversionError) -> OutputFile {
    guard !isSameFile(as: input.file) else { throw ConversionError(input.name, .isInputToo) }
    let output =
      switch self {
      case .standardStream: try OutputFile.redirected(converting(OpenFile.standardOutput()), force: force)
      case .path(let path): try OutputFile.open(path, force: force, events: control.events)
      case .descriptor(let number):
        try OutputFile.redirected(converting(OpenFile(sharing: number, name: name)), force: force)
      case .reader: throw ConversionError(name, .isReader)
      }
    control.own(output)
    return output
  }

  private func isSameFile(as input: OpenFile?) -> Bool {
    guard let input, input.isSeekable else { return false }
    return switch self {
    case .standardStream: input.identity == OpenFile.identity(ofDescriptor: STDOUT_FILENO)
    case .path(let path): input.identity == OpenFile.identity(ofPath: path)
    case .descriptor(let number): input.identity == OpenFile.identity(ofDescriptor: number)
    case .reader: false
    }
  }
}

extension Endpoint: Equatable {
  /// Two readers are equal if they are the same object.
  public static func == (first: Endpoint, second: Endpoint) -> Bool {
    switch (first, second) {
    case (.standardStream, .standardStream): true
    case (.path(let first), .path(let second)): first == second
    case (.descriptor(let first), .descriptor(let second)): first == second
    case (.reader(let first, _), .reader(let second, _)): first === second
    default: false
    }
  }
}

extension Endpoint: ExpressibleByStringLiteral {
  /// The file, device or named pipe at a path.
  public init(stringLiteral path: String) { self = .path(path) }
}
