import ArgumentParser
import DiskConversion
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

  /// Prints `error`, which ended `command`, and exits with the matching status.
  static func end(with error: any Error, of command: (any ParsableCommand)? = nil) -> Never {
    let status = command is Compare ? comparisonFailed : failed
    switch error {
    case let error as ConversionError:
      fail(error.description, hint: hint(for: error, of: command), isBrokenPipe: error.isBrokenPipe, status: status)
    // Writing a report failed.
    case let error as FileError: fail("'\(error.path)': \(error)", isBrokenPipe: error.isBrokenPipe, status: status)
    case UnreadableArguments.unknown:
      fail("cannot read the command line", hint: "mount /proc, from which it is read", status: failed)
    case UnreadableArguments.noText(let number):
      let hint = "rename the file, or let the shell open it: < INPUT > OUTPUT"
      fail("argument \(number) is not valid UTF-8", hint: hint, status: wrongUsage)
    case let ended as EndedBySignal: ended.raise()
    case let status as ExitCode: exit(status.rawValue)
    default: endParsing(with: error)
    }
  }

  /// The library's hint, as it applies to `command`.
  private static func hint(for error: ConversionError, of command: (any ParsableCommand)?) -> String? {
    guard let hint = error.hint else { return nil }
    let piped = "prlconv raw2prl - OUTPUT"
    switch command {
    case is Compare: return adapted(hint, piped: piped, to: "prlconv compare - OTHER")
    case is Map, is Info, is Check: return adapted(hint, piped: " | \(piped)", to: " > IMAGE")
    case is Prl2Prl: return hint.replacing("prlconv prl2raw - OUTPUT", with: "prlconv prl2prl - OUTPUT")
    case is Prl2Raw: return hint.replacing(piped, with: "prlconv prl2raw - OUTPUT")
    case is Measure: return hint.replacing(piped, with: "prlconv measure -")
    default: return hint
    }
  }

  /// A hint for a command that does not have the options of `prl2raw`.
  private static func adapted(_ hint: String, piped: String, to command: String) -> String {
    hint.hasPrefix("--") ? "prl2raw \(hint)" : hint.replacing(piped, with: command)
  }

  private static func fail(_ text: String, hint: String? = nil, isBrokenPipe: Bool = false, status: CInt) -> Never {
    // The reader closed the pipe because it has read enough, so end silently like any filter.
    if isBrokenPipe { EndedBySignal(number: SIGPIPE).raise() }
    Console.shared.error(text, hint: hint)
    exit(status)
  }

  /// Ends with what the argument parser reports: help and version go to stdout, wrong usage to stderr.
  private static func endParsing(with error: any Error) -> Never {
    guard Prlconv.exitCode(for: error) != .success else { show(error) }
    fail(Prlconv.message(for: error), hint: "see prlconv --help or prlconv COMMAND --help", status: wrongUsage)
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
