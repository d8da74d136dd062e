import ArgumentParser
import DiskConversion

/// Format of a report on stdout.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case human, json
}

/// Options of every command that prints a report.
struct ReportOptions: ParsableArguments {
  @Option(name: .long, help: "Format of the report.") var output = ReportFormat.human

  /// Writes a report in the requested format.
  func write(human lines: @autoclosure () -> [String], json: @autoclosure () -> String) throws {
    switch output {
    case .human: try Report.write(lines())
    case .json: try Report.write([json()])
    }
  }
}

/// The images that a command inspects, one after the other.
struct ImageArguments: ParsableArguments {
  @Argument(help: ArgumentHelp("The Parallels images (.hds) or bundles (.hdd).", valueName: "FILE"), completion: .image)
  var files: [String]
}

/// The image that a command inspects.
struct ImageArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The Parallels image (.hds) or bundle (.hdd).", valueName: "FILE"), completion: .image)
  var file: String

  var endpoint: Endpoint { Endpoint(argument: file) }
}

/// Prints the library's warnings; a report has no use for its other events.
func warn(of event: ConversionControl.Event) {
  guard case .warning(let path, let text) = event else { return }
  Console.shared.warning("'\(path)': \(text)")
}
