import ArgumentParser

/// Inspects files one after the other: an error about one of them does not end the run.
struct InspectionRun {
  let files: [String]
  let report: ReportOptions
  let command: any ParsableCommand

  /// Throws the worst exit status; with several files, JSON is a list.
  func perform(_ inspect: (String) throws -> Void) throws {
    guard files.count > 1 else { return try files.forEach(inspect) }
    let isJSON = report.output == .json
    var statuses: [CInt] = []
    for (index, file) in files.enumerated() {
      if isJSON { try Report.write([index == 0 ? "[" : ","]) } else if index > 0 { try Report.write([""]) }
      do {
        try inspect(file)
      } catch let status as ExitCode {
        statuses.append(status.rawValue)
      } catch {
        guard let failure = Failure(error, of: command), !failure.isBrokenPipe else { throw error }
        failure.print()
        statuses.append(failure.status)
        if isJSON {
          try Report.write([
            JSONText.object(["filename": JSONText.string(file), "error": JSONText.string(failure.text)])
          ])
        }
      }
    }
    if isJSON { try Report.write(["]"]) }
    guard ExitStatus.worst(statuses) == 0 else { throw ExitCode(ExitStatus.worst(statuses)) }
  }
}
