import ArgumentParser
import DiskConversion
import StreamIO

/// The form of `--stats`.
enum StatsFormat: String, ExpressibleByArgument, CaseIterable {
  case json
}

/// Options that both converters have.
struct ConversionOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Replace an existing output; write to a block device; write binary to a terminal.")
  var force = false

  @OptionGroup var work: WorkOptions

  @Flag(name: .long, help: "Wait until the output and its directory are on the disk.") var sync = false

  @Option(name: .long, help: "Print figures of the conversion as one object on stderr: json.") var stats: StatsFormat?

  /// The library's form of them.
  var outputOptions: OutputOptions {
    var options = OutputOptions()
    options.force = force
    options.synchronizes = sync
    return options
  }
}
