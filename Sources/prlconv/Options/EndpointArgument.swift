import ArgumentParser
import DiskConversion
import StreamIO

extension Endpoint {
  /// `nil` and `-` mean the standard stream; `./-` names a file called `-`.
  init(argument: String?) {
    let argument = argument ?? "-"
    self = argument == "-" ? .standardStream : .path(argument)
  }

  /// Throws if the input is a terminal, where the command would seem to hang.
  func refuseTerminal() throws {
    guard self == .standardStream, isatty(STDIN_FILENO) == 1 else { return }
    throw ValidationError("INPUT is a terminal: name a file or redirect stdin")
  }
}
