import ArgumentParser
import DiskConversion
import StreamIO

/// Format of `--stats`.
enum StatsFormat: String, ExpressibleByArgument, CaseIterable {
  case json
}

/// Options of both converters.
struct ConversionOptions: ParsableArguments {
  @Flag(
    name: .shortAndLong,
    help: "Replace an existing output, overwrite a block device, or write binary data to a terminal.")
  var force = false

  @OptionGroup var work: WorkOptions

  @Option(
    name: .long,
    help: "Share blocks of INPUT with OUTPUT instead of copying them; auto does so where the file system can.")
  var reflink = SharingMode.auto

  @Flag(name: .long, help: "Flush the output and its directory to disk before exiting.") var sync = false

  @Flag(
    name: .long, help: "Read OUTPUT back from the disk and compare it with INPUT; both must be files or devices.")
  var verify = false

  @Option(name: .long, help: "Print statistics as one JSON object to stderr.") var stats: StatsFormat?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write the statistics to a file, with status and message also after a failure.", valueName: "FILE"),
    completion: .file())
  var statsFile: String?

  /// The same settings for the library.
  var outputOptions: OutputOptions {
    OutputOptions(force: force, sharing: reflink, synchronizes: sync, verifies: verify)
  }
}
