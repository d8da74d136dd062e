import ArgumentParser
import DiskConversion
import StreamIO

/// The form of `--stats`.
enum StatsFormat: String, ExpressibleByArgument, CaseIterable {
  case json
}

/// Arguments and options that both converters have.
struct SharedOptions<Files: ConvertedFiles>: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Where to read from; '-' or nothing is stdin.", valueName: "INPUT"), completion: Files.input)
  var input: String?

  @Argument(
    help: ArgumentHelp("Where to write to; '-' or nothing is stdout.", valueName: "OUTPUT"), completion: Files.output)
  var output: String?

  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("The same as the second argument.", valueName: "FILE"), completion: Files.output)
  var outputOption: String?

  @Flag(name: .shortAndLong, help: "Replace an existing output; write to a block device; write binary to a terminal.")
  var force = false

  @OptionGroup var work: WorkOptions

  @Flag(name: .long, help: "Wait until the output and its directory are on the disk.")
  var sync = false

  @Option(name: .long, help: "Print figures of the conversion as one object on stderr: json.")
  var stats: StatsFormat?

  func validate() throws {
    guard output == nil || outputOption == nil else {
      throw ValidationError("OUTPUT is given twice: as an argument and with --output")
    }
  }

  var source: Endpoint { Endpoint(argument: input) }
  var target: Endpoint { Endpoint(argument: output ?? outputOption) }

  /// What the library is told.
  var common: CommonOptions {
    var common = CommonOptions()
    common.force = force
    common.threadCount = work.threadCount
    common.synchronizes = sync
    common.temporaryDirectory = work.temporaryDirectory
    return common
  }

  /// Bytes of a disk are nothing for a person's eyes or fingers.
  func refuseTerminals() throws {
    guard !force else { return }
    try source.refuseTerminal()
    if target == .standardStream, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("OUTPUT is a terminal: give a file, or redirect stdout (--force writes all the same)")
    }
  }
}
