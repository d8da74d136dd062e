import ArgumentParser
import DiskConversion
import StreamIO

extension Endpoint {
  /// What a file argument stands for: nothing or `-` is the standard stream, a file of that name is `./-`.
  init(argument: String?) {
    let argument = argument ?? "-"
    self = argument == "-" ? .standardStream : .path(argument)
  }

  /// A terminal is not an input: the bytes of a disk are not typed in.
  func refuseTerminal() throws {
    guard self == .standardStream, isatty(STDIN_FILENO) == 1 else { return }
    throw ValidationError("INPUT is a terminal: give a file, or redirect stdin")
  }
}
