import ArgumentParser
import DiskConversion
import StreamIO

/// The input and the output of a converter.
///
/// Each converter declares the arguments itself, since shells complete them with different names.
struct ConvertedFiles {
  let source: Endpoint
  let target: Endpoint

  /// From the arguments as they were given; throws if the output was given twice.
  init(input: String?, output: String?, outputOption: String?) throws {
    guard output == nil || outputOption == nil else {
      throw ValidationError("OUTPUT is given twice: as an argument and with --output")
    }
    source = Endpoint(argument: input)
    target = Endpoint(argument: output ?? outputOption)
  }

  /// Refuses to read a disk from a terminal, or to write one to it.
  func refuseTerminals() throws {
    try source.refuseTerminal()
    if target == .standardStream, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("OUTPUT is a terminal: give a file, or redirect stdout (--force writes all the same)")
    }
  }
}

/// The arguments of a converter, and the option that stands for the second.
extension ArgumentHelp {
  static let input = ArgumentHelp("Where to read from; '-' or nothing is stdin.", valueName: "INPUT")
  static let output = ArgumentHelp("Where to write to; '-' or nothing is stdout.", valueName: "OUTPUT")
  static let outputOption = ArgumentHelp("The same as the second argument.", valueName: "FILE")
}

extension NameSpecification {
  static let output: NameSpecification = [.customShort("o", allowingJoined: true), .customLong("output")]
}
