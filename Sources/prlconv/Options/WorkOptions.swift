import ArgumentParser
import DiskConversion
import StreamIO

/// Options of all commands that read a whole disk.
struct WorkOptions: ParsableArguments {
  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("threads")],
    help: ArgumentHelp("Worker threads; 0 is one a core.", valueName: "N"))
  var threads = 0

  @Flag(name: .shortAndLong, help: "Show progress even when stderr is no terminal.") var progress = false

  @Flag(name: .long, help: "Never show progress.") var noProgress = false

  @Option(name: .long, help: "How progress looks: bar, plain or json (one object a line).")
  var progressFormat: ProgressFormat?

  @Flag(name: .shortAndLong, help: "Print nothing but errors.") var quiet = false

  @Flag(name: .shortAndLong, help: "Say which plan was taken and why, and print a summary.") var verbose = false

  func validate() throws {
    guard (0...Self.threadLimit).contains(threads) else {
      throw ValidationError("--threads takes 0 to \(Self.threadLimit)")
    }
    guard !(progress && noProgress) else { throw ValidationError("--progress and --no-progress exclude each other") }
    // The bytes would be replaced, and another folder looked for.
    guard getenv("TMPDIR").map({ String(validatingCString: $0) != nil }) ?? true else {
      throw ValidationError("TMPDIR is no valid UTF-8")
    }
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  private static let threadLimit = 256

  /// The library's form of them.
  var resources: Resources {
    var resources = Resources()
    resources.threadCount = threads == 0 ? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) : threads
    // Where temporary files go: they can be as large as a disk, and `/tmp` is memory on many systems.
    if let directory = getenv("TMPDIR"), directory.pointee != 0 {
      resources.temporaryDirectory = String(cString: directory)
    }
    return resources
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
}
