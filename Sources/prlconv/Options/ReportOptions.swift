import ArgumentParser
import DiskConversion

/// The form of a report on stdout.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case human, json
}

/// Options of all commands that print a report.
struct ReportOptions: ParsableArguments {
  @Option(name: .long, help: "The form of the report: human or json.") var output = ReportFormat.human

  /// Writes a report in the form that was asked for.
  func write(human lines: @autoclosure () -> [String], json: @autoclosure () -> String) throws {
    switch output {
    case .human: try Report.write(lines())
    case .json: try Report.write([json()])
    }
  }
}

/// The one image that a command looks at.
struct ImageArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The Parallels image (.hds).", valueName: "FILE"), completion: .image) var file: String

  var endpoint: Endpoint { Endpoint(argument: file) }
}

/// Prints a warning of the library while a report is made.
func warn(of event: ConversionControl.Event) {
  guard case .warning(let path, let text) = event else { return }
  Console.shared.warning("'\(path)': \(text)")
}
