import ArgumentParser
import DiskConversion
import StreamIO

/// Options of every command that reads a whole disk.
struct WorkOptions: ParsableArguments {
  @Option(
    name: [.customShort("T", allowingJoined: true), .customLong("threads")],
    help: ArgumentHelp(
      "Number of worker threads; 0 means one per core that the process may use, at most 16.", valueName: "N"))
  var threads = 0

  @Flag(name: .shortAndLong, help: "Show progress even if stderr is not a terminal.") var progress = false

  @Flag(name: .long, help: "Never show progress.") var noProgress = false

  @Option(name: .long, help: "Format of the progress; json is one object per line.")
  var progressFormat: ProgressFormat?

  @Flag(name: .shortAndLong, help: "Print only errors and losses.") var quiet = false

  @Flag(name: .shortAndLong, help: "Print the chosen plan with its reason, and a summary.") var verbose = false

  /// Reads gzip without shortcuts, for tests that compare.
  @Flag(help: .private) var plainGzip = false

  func validate() throws {
    guard (0...Self.threadLimit).contains(threads) else {
      throw ValidationError("--threads takes a number from 0 to \(Self.threadLimit)")
    }
    guard !(progress && noProgress) else { throw ValidationError("--progress and --no-progress cannot be combined") }
    // Swift would replace the invalid bytes, so the name would be that of another folder.
    guard getenv("TMPDIR").map({ String(validatingCString: $0) != nil }) ?? true else {
      throw ValidationError("TMPDIR is not valid UTF-8")
    }
    guard !(quiet && verbose) else { throw ValidationError("--quiet and --verbose cannot be combined") }
  }

  private static let threadLimit = 256

  /// The same settings for the library.
  var resources: Resources {
    var resources = Resources()
    resources.readsGzipPlainly = plainGzip
    resources.threadCount = threads == 0 ? ProcessorShare.threadCount : threads
    // The default is not `/tmp`, which is memory on many systems: a temporary file can be as large as the disk.
    if let directory = getenv("TMPDIR"), directory.pointee != 0 {
      resources.temporaryDirectory = String(cString: directory)
    }
    return resources
  }

  /// How to show progress; nil means not at all.
  var shownProgress: ProgressFormat? {
    guard !noProgress else { return nil }
    let isTerminal = Console.isTerminal
    if let progressFormat { return progressFormat == .bar && !isTerminal ? .plain : progressFormat }
    guard progress || (isTerminal && !quiet) else { return nil }
    let isDumb = getenv("TERM").map { ["", "dumb"].contains(String(cString: $0)) } ?? true
    return isTerminal && !isDumb ? .bar : .plain
  }
}
