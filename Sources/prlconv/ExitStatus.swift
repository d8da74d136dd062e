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

  /// Ends the process with the text and the status that `error` calls for; `command` is what it ended.
  static func end(with error: any Error, of command: (any ParsableCommand)? = nil) -> Never {
    let status = command is Compare ? comparisonFailed : failed
    switch error {
    case let error as ConversionError:
      // The options that a hint begins with are those of the converter, which these commands are not.
      let isOption = error.hint?.hasPrefix("--") == true && (command is Compare || command is Map)
      let hint = error.hint.map { isOption ? "prl2raw \($0)" : $0 }
      fail(error.description, hint: hint, isBrokenPipe: error.isBrokenPipe, status: status)
    // A report could not be written.
    case let error as FileError: fail("'\(error.path)': \(error)", isBrokenPipe: error.isBrokenPipe, status: status)
    case UnreadableArguments.unknown:
      fail("the command line can't be read", hint: "mount /proc, where it is read from", status: failed)
    case UnreadableArguments.noText(let number):
      let hint = "rename the file, or let the shell open it: < INPUT > OUTPUT"
      fail("argument \(number) is no valid UTF-8", hint: hint, status: wrongUsage)
    case let ended as EndedBySignal: ended.raise()
    case let status as ExitCode: exit(status.rawValue)
    default: endParsing(with: error)
    }
  }

  private static func fail(_ text: String, hint: String? = nil, isBrokenPipe: Bool = false, status: CInt) -> Never {
    // Who reads our output has all that it wants: end as any filter does.
    if isBrokenPipe { EndedBySignal(number: SIGPIPE).raise() }
    Console.shared.error(text, hint: hint)
    exit(status)
  }

  /// What the argument parser has to say: help and version on stdout, wrong usage on stderr.
  private static func endParsing(with error: any Error) -> Never {
    guard Prlconv.exitCode(for: error) != .success else { show(error) }
    fail(Prlconv.message(for: error), hint: "prlconv --help, or prlconv COMMAND --help", status: wrongUsage)
  }

  private static func show(_ error: any Error) -> Never {
    guard let help = HelpText(Prlconv.fullMessage(for: error)) else { Prlconv.exit(withError: error) }
    do {
      try Report.write(help.lines)
    } catch {
      end(with: error)
    }
    exit(0)
  }
}
