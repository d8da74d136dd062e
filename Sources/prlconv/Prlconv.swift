import ArgumentParser
import StreamIO

@main
struct Prlconv: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prlconv",
    abstract: "Convert disk images between raw and Parallels expandable format, also through pipes.",
    version: "prlconv \(prlconvVersion) (zlib \(ZlibVersion.text))",
    subcommands: [
      Raw2Prl.self, Prl2Raw.self, Prl2Prl.self, Info.self, Check.self, Map.self, Compare.self, Measure.self,
    ])

  static func main() {
    SignalPipe.prepareProcess()
    useOneMemoryArena()
    StandardStreams.occupyClosed()
    var command: (any ParsableCommand)?
    do {
      try Arguments.check()
      command = try parsed()
      try command?.run()
    } catch {
      ExitStatus.end(with: error, of: command)
    }
  }

  private static var commandNames: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

  /// The command that the first argument names; nil if it names none.
  static var subcommandName: String? {
    CommandLine.arguments.dropFirst().first.flatMap { name in commandNames.first { $0 == name } }
  }

  /// The command with its options.
  ///
  /// Parsing that begins at the subcommand saves a third of the instructions of a small conversion. Anything else,
  /// such as wrong usage or a request for help, is parsed from the root, which knows the full name of the command.
  private static func parsed() throws -> any ParsableCommand {
    let arguments = CommandLine.arguments.dropFirst()
    if let name = arguments.first, !name.hasPrefix("-"), name != "help", subcommandName == nil {
      throw UnknownCommand(name: name, commandNames: commandNames)
    }
    if let subcommand = configuration.subcommands.first(where: { $0.configuration.commandName == arguments.first }),
      let command = try? subcommand.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == subcommand
    {
      return command
    }
    return try parseAsRoot()
  }
}
