import ArgumentParser
import DiskConversion

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The form of `--stats`.
enum StatsFormat: String, ExpressibleByArgument, CaseIterable {
  case json
}

/// Arguments and options that both converters have.
struct SharedOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Where to read from; '-' or nothing is stdin.", valueName: "INPUT"))
  var input: String?

  @Argument(help: ArgumentHelp("Where to write to; '-' or nothing is stdout.", valueName: "OUTPUT"))
  var output: String?

  @Option(
    name: [.customShort("o", allowingJoined: true), .customLong("output")],
    help: ArgumentHelp("The same as the second argument.", valueName: "FILE"))
  var outputOption: String?

  @Flag(name: .shortAndLong, help: "Replace an existing output; write to a block device; write binary to a terminal.")
  var force = false

  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("threads")],
    help: ArgumentHelp("Worker threads; 0 is one a core.", valueName: "N"))
  var threads = 0

  @Flag(name: .shortAndLong, help: "Show progress even when stderr is no terminal.")
  var progress = false

  @Flag(name: .long, help: "Never show progress.")
  var noProgress = false

  @Option(name: .long, help: "How progress looks: bar, plain or json (one object a line).")
  var progressFormat: ProgressFormat?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say which plan was taken and why, and print a summary.")
  var verbose = false

  @Flag(name: .long, help: "Wait until the output and its directory are on the disk.")
  var sync = false

  @Option(name: .long, help: "Print figures of the conversion as one object on stderr: json.")
  var stats: StatsFormat?

  func validate() throws {
    guard output == nil || outputOption == nil else {
      throw ValidationError("OUTPUT is given twice: as an argument and with --output")
    }
    guard (0...Self.threadLimit).contains(threads) else {
      throw ValidationError("--threads takes 0 to \(Self.threadLimit)")
    }
    guard !(progress && noProgress) else { throw ValidationError("--progress and --no-progress exclude each other") }
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  private static let threadLimit = 256

  var source: Endpoint { Self.endpoint(input) }
  var target: Endpoint { Self.endpoint(output ?? outputOption) }

  private static func endpoint(_ name: String?) -> Endpoint {
    guard let name, name != "-" else { return .standardStream }
    return .path(name)
  }

  /// What the library is told.
  ///
  /// Looks at the machine: how many cores, which directory for temporary files.
  var common: CommonOptions {
    var common = CommonOptions()
    common.force = force
    common.threadCount = threads == 0 ? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) : threads
    common.synchronizes = sync
    if let directory = getenv("TMPDIR"), directory.pointee != 0 {
      common.temporaryDirectory = String(cString: directory)
    }
    return common
  }

  /// In which form progress is shown, nil for not at all.
  var shownProgress: ProgressFormat? {
    guard !noProgress else { return nil }
    let isTerminal = Console.isTerminal
    if let progressFormat { return progressFormat == .bar && !isTerminal ? .plain : progressFormat }
    guard progress || (isTerminal && !quiet) else { return nil }
    let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    return isTerminal && !isDumb ? .bar : .plain
  }

  /// Bytes of a disk are nothing for a person's eyes or fingers.
  func refuseTerminals() throws {
    guard !force else { return }
    if source == .standardStream, isatty(STDIN_FILENO) == 1 {
      throw ValidationError("INPUT is a terminal: give a file, or redirect stdin")
    }
    if target == .standardStream, isatty(STDOUT_FILENO) == 1 {
      throw ValidationError("OUTPUT is a terminal: give a file, or redirect stdout (--force writes all the same)")
    }
  }
}

/// Reads an option's size, or says which forms there are.
func byteSize(_ text: String) throws -> UInt64 {
  guard let size = ByteSize(text) else {
    throw ValidationError(
      "'\(text)' is no size: bytes, or a whole number with k, K, M, G, T, KiB … TiB, or s (sectors)")
  }
  return size.byteCount
}
