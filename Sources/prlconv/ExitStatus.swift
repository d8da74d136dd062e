import ArgumentParser
import StreamIO

/// The exit statuses of the tool.
///
/// Only this type prints errors and ends the process because of them.
enum ExitStatus {
  static let failed: CInt = 1
  static let convertedWithLosses: CInt = 2
  static let imageIsCorrupt: CInt = 2
  static let imageLeaks: CInt = 3
  static let disksDiffer: CInt = 1
  static let comparisonFailed: CInt = 2
  static let wrongUsage: CInt = 64

  /// The statuses from the best to the worst, for a command that inspects several files.
  private static let ranking = [0, imageLeaks, imageIsCorrupt, failed]

  /// The worst of several statuses.
  static func worst(_ statuses: [CInt]) -> CInt {
    statuses.max { (ranking.firstIndex(of: $0) ?? 0) < (ranking.firstIndex(of: $1) ?? 0) } ?? 0
  }

  /// Prints `error`, which ended `command`, and exits with the matching status.
  static func end(with error: any Error, of command: (any ParsableCommand)? = nil) -> Never {
    if let ended = error as? EndedBySignal { ended.raise() }
    if let status = error as? ExitCode { exit(status.rawValue) }
    guard let failure = Failure(error, of: command) else { endParsing(with: error) }
    // End silently like any filter.
    if failure.isBrokenPipe { EndedBySignal(number: SIGPIPE).raise() }
    failure.print()
    exit(failure.status)
  }

  /// Ends with what the argument parser reports: help and version go to stdout, wrong usage to stderr.
  private static func endParsing(with error: any Error) -> Never {
    guard Prlconv.exitCode(for: error) != .success else { show(error) }
    let name = Prlconv.subcommandName.map { "prlconv \($0)" } ?? "prlconv"
    Console.shared.error(Prlconv.message(for: error), hint: "see \(name) --help")
    exit(wrongUsage)
  }

  private static func show(_ error: any Error) -> Never {
    let text = Prlconv.fullMessage(for: error)
    do {
      try Report.write(HelpText(text)?.lines ?? [text])
    } catch {
      end(with: error)
    }
    exit(0)
  }
}
