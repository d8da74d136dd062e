import ArgumentParser
import DiskConversion

/// The names that `--layout` takes.
enum LayoutName: String, ExpressibleByArgument, CaseIterable {
  case ext, legacy

  var layout: ImageLayout { self == .ext ? .extended : .legacy }
}

/// The form that raw2prl takes its input for.
enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case auto, raw
}

struct Raw2Prl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raw2prl", abstract: "Convert a raw disk into a Parallels image (.hds).")

  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("s", allowingJoined: true), .customLong("size")],
    help: ArgumentHelp("Size of the disk: a shorter input is followed by zeros.", valueName: "N"),
    transform: byteSize)
  var size: UInt64?

  @Option(
    name: .long, help: ArgumentHelp("Cluster size, a multiple of 512 (default: 1M).", valueName: "N"),
    transform: byteSize)
  var clusterSize: UInt64 = 1 << 20

  @Option(name: .long, help: "The image's layout: ext (WithouFreSpacExt) or legacy (WithoutFreeSpace).")
  var layout = LayoutName.ext

  @Flag(name: .long, help: "Store clusters of zeros, too.")
  var allocated = false

  @Option(
    name: .long,
    help: "What the input is: auto (gzip is decompressed, a Parallels image refused) or raw (data, whatever it is).")
  var inputFormat = InputFormat.auto

  func run() throws {
    try shared.refuseTerminals()
    var options = RawToParallels.Options()
    options.virtualByteCount = size
    options.clusterByteCount = clusterSize
    options.layout = layout.layout
    options.storesZeros = allocated
    options.takesInputAsIs = inputFormat == .raw
    options.common = shared.common
    try ConversionRun(shared).perform { control throws(ConversionError) in
      try RawToParallels.convert(shared.source, to: shared.target, options: options, control: control)
    }
  }
}
