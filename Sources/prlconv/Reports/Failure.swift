import ArgumentParser
import DiskConversion
import StreamIO

/// What an error means to the user: a message, perhaps advice, and the exit status.
struct Failure {
  let text: String
  let hint: String?
  let status: CInt
  /// Whether the reader of an output pipe has closed it, because it has read enough.
  let isBrokenPipe: Bool

  /// Nil for errors without a message of their own: an exit status, a signal, and what the argument parser reports.
  init?(_ error: any Error, of command: (any ParsableCommand)? = nil) {
    switch error {
    case let error as ConversionError:
      (text, hint, isBrokenPipe) = (error.description, Hint(error, of: command).text, error.isBrokenPipe)
      if case .cannotVerify = error.cause {
        status = ExitStatus.wrongUsage
      } else {
        status = Self.status(of: command, isBrokenPipe: isBrokenPipe)
      }
    // Writing a report failed.
    case let error as FileError:
      (text, hint, isBrokenPipe) = ("'\(error.path)': \(error)", nil, error.isBrokenPipe)
      status = Self.status(of: command, isBrokenPipe: isBrokenPipe)
    case UnreadableArguments.unknown:
      (text, status, isBrokenPipe) = ("cannot read the command line", ExitStatus.failed, false)
      hint = "mount /proc, from which it is read"
    case UnreadableArguments.noText(let number):
      (text, status, isBrokenPipe) = ("argument \(number) is not valid UTF-8", ExitStatus.wrongUsage, false)
      hint = "rename the file, or let the shell open it: < INPUT > OUTPUT"
    case let error as UnknownCommand:
      (text, hint, isBrokenPipe) = ("unknown command '\(error.name)'", error.hint, false)
      status = ExitStatus.wrongUsage
    default: return nil
    }
  }

  private static func status(of command: (any ParsableCommand)?, isBrokenPipe: Bool) -> CInt {
    guard !isBrokenPipe else { return 128 + SIGPIPE }
    return command is Compare ? ExitStatus.comparisonFailed : ExitStatus.failed
  }

  func print() { Console.shared.error(text, hint: hint) }
}
