import ArgumentParser
import DiskConversion
import StreamIO

/// The input and the output of a converter.
///
/// Each converter declares its own arguments, because shell completion offers different files for each.
struct ConvertedFiles {
  let source: Endpoint
  let target: Endpoint

  /// The names of both ends in messages.
  var inputName: String { Self.path(source) ?? "stdin" }
  var outputName: String { Self.path(target) ?? "stdout" }

  private static func path(_ endpoint: Endpoint) -> String? {
    guard case .path(let path) = endpoint else { return nil }
    return path
  }

  /// Throws if the output is given both as an argument and as an option.
  init(input: String?, output: String?, outputOption: String?) throws {
    guard output == nil || outputOption == nil else {
      throw ValidationError("OUTPUT is given twice: as an argument and with --output")
    }
    source = Endpoint(argument: input)
    target = Endpoint(argument: output ?? outputOption)
  }

  /// Throws if the name of the output promises another format than `format`, unless `force`.
  func refuseMisleadingName(of format: OutputFormat, force: Bool) throws {
    guard case .path(let path) = target, !force, let ending = format.misleadingEnding(of: path) else { return }
    throw ValidationError("OUTPUT ends in \(ending), but it will be \(format.noun) (--force writes it anyway)")
  }

  /// Throws if the input or the output is a terminal.
  func refuseTerminals() throws {
    try source.refuseTerminal()
    if target == .standardStream, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("OUTPUT is a terminal: name a file or redirect stdout (--force writes to it anyway)")
    }
  }
}

/// The arguments of a converter, and the option for the second one.
extension ArgumentHelp {
  static let input = ArgumentHelp("Where to read from; '-' or nothing means stdin.", valueName: "INPUT")
  static let output = ArgumentHelp("Where to write to; '-' or nothing means stdout.", valueName: "OUTPUT")
  static let outputOption = ArgumentHelp("Same as the second argument.", valueName: "FILE")
}

extension NameSpecification {
  static let output: NameSpecification = [.customShort("o", allowingJoined: true), .customLong("output")]
}
