import StreamIO

/// A place to read a disk from or write it to.
public enum Endpoint: Equatable, Sendable {
  /// Standard input or standard output.
  case standardStream
  /// A file, a device or a named pipe.
  case path(String)

  /// The name in messages, as an output.
  var name: String {
    switch self {
    case .standardStream: "stdout"
    case .path(let path): path
    }
  }

  /// The name in messages, as an input.
  var inputName: String { self == .standardStream ? "stdin" : name }

  func openForReading() throws(ConversionError) -> OpenFile {
    switch self {
    case .standardStream: try converting(OpenFile.standardInput())
    case .path(let path): try converting(OpenFile(reading: path))
    }
  }

  /// Opens the bundle that it means; nil if it means something else.
  func openBundle(_ policy: ReadingPolicy) throws(ConversionError) -> BundleFolder? {
    guard case .path(let path) = self, let folder = try BundleLocation.folder(meantBy: path) else { return nil }
    return try BundleFolder(folder, name: path, allowsExternal: policy.allowsExternal)
  }

  /// Opens it as an output; even with `force`, a new file appears only when it is committed.
  ///
  /// - Throws: `isInputToo` if it is `input`; `exists`, `isBlockDevice`, `isAppendOnly`, `hasContents` or
  ///   `takesMessages` if it must not be written to; `file` if it can't be opened.
  func openForWriting(
    besides input: OpenFile, force: Bool, control: ConversionControl
  ) throws(ConversionError) -> OutputFile {
    guard !isSameFile(as: input) else { throw ConversionError(input.name, .isInputToo) }
    let output =
      switch self {
      case .standardStream: try OutputFile.standardOutput(force: force)
      case .path(let path): try OutputFile.open(path, force: force, events: control.events)
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
