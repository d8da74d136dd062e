import ArgumentParser
import DiskConversion
import StreamIO

/// What the shell sees.
///
/// The one place where errors are printed and the process is ended for them.
enum ExitStatus {
  static let failed: CInt = 1
  static let convertedWithLosses: CInt = 2
  static let imageIsCorrupt: CInt = 2
  static let imageLeaks: CInt = 3
  static let disksDiffer: CInt = 1
  static let comparisonFailed: CInt = 2
  static let wrongUsage: CInt = 64

  /// Ends the process with the text and the status that `error` calls for.
  static func end(with error: any Error) -> Never {
    guard let failure = error as? InspectionFailure else { end(with: error, status: failed) }
    guard let reason = failure.error as? ConversionError else { end(with: failure.error, status: failure.status) }
    // The options that a hint begins with are those of the converter.
    fail(reason, hint: reason.hint.map { $0.hasPrefix("--") ? "prl2raw \($0)" : $0 }, status: failure.status)
  }

  private static func end(with error: any Error, status: CInt) -> Never {
    switch error {
    case let error as ConversionError: fail(error, hint: error.hint, status: status)
    case let error as FileError: fail(error, status: status)
    case let error as UnreadableArguments: fail(error)
    case let ended as EndedBySignal: ended.raise()
    case let status as ExitCode: exit(status.rawValue)
    default: endParsing(with: error)
    }
  }

  private static func fail(_ error: ConversionError, hint: String?, status: CInt) -> Never {
    // Who reads our output has all that it wants: end as any filter does.
    if error.isBrokenPipe { EndedBySignal(number: SIGPIPE).raise() }
    Console.shared.error(error.description, hint: hint)
    exit(status)
  }

  /// A report could not be written.
  private static func fail(_ error: FileError, status: CInt) -> Never {
    if error.isBrokenPipe { EndedBySignal(number: SIGPIPE).raise() }
    Console.shared.error("'\(error.path)': \(error)")
    exit(status)
  }

  private static func fail(_ error: UnreadableArguments) -> Never {
    switch error {
    case .unknown:
      Console.shared.error("the command line can't be read", hint: "mount /proc, where it is read from")
      exit(failed)
    case .noText(let number):
      Console.shared.error(
        "argument \(number) is no valid UTF-8", hint: "rename the file, or let the shell open it: < INPUT > OUTPUT")
      exit(wrongUsage)
    }
  }

  /// What the argument parser has to say: help and version on stdout, wrong usage on stderr.
  private static func endParsing(with error: any Error) -> Never {
    guard Prlconv.exitCode(for: error) != .success else { show(error) }
    Console.shared.error(Prlconv.message(for: error), hint: "prlconv --help, or prlconv COMMAND --help")
    exit(wrongUsage)
  }

  private static func show(_ error: any Error) -> Never {
    guard let help = HelpText(Prlconv.fullMessage(for: error)) else { Prlconv.exit(withError: error) }
    do {
      var report = Report()
      for line in help.lines { try report.line(line) }
      try report.flush()
    } catch {
      end(with: error)
    }
    exit(0)
  }
}
