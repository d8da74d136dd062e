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
    help: "Share blocks of INPUT with OUTPUT instead of copying them: auto (where the file system can), always, never.")
  var reflink = SharingMode.auto

  @Flag(name: .long, help: "Flush the output and its directory to disk before exiting.") var sync = false

  @Option(name: .long, help: "Print statistics as one JSON object to stderr.") var stats: StatsFormat?

  /// The same settings for the library.
  var outputOptions: OutputOptions {
    var options = OutputOptions()
    options.force = force
    options.synchronizes = sync
    options.sharing = reflink
    return options
  }
}
