import DiskConversion
import ParallelsFormat

/// Prints the problems of an image as they are found, and the results at the end.
///
/// It keeps no problems, because a damaged table can have millions.
final class CheckPrinter {
  private let format: ReportFormat
  private let fileName: String
  private var report = Report()
  /// Why writing the report failed; thrown at the end.
  private var failure: (any Error)?
  private var run: EntryRun?
  /// The file of a bundle that the run, or the problem being printed, is about.
  private var fileOfRun: String?
  private var hasProblems = false

  init(format: ReportFormat, fileName: String) {
    self.format = format
    self.fileName = fileName
  }

  /// Prints the next problem, or adds it to the current run of entries.
  func print(_ problem: CheckProblem) {
    guard failure == nil else { return }
    do { try add(problem) } catch { failure = error }
  }

  private func add(_ problem: CheckProblem) throws {
    switch format {
    case .human:
      if let entry = problem.entry, fileOfRun == problem.fileName, run?.extend(with: entry) == true { return }
      try printRun()
      run = problem.entry.map(EntryRun.init)
      fileOfRun = problem.fileName
      if run == nil { try printLine(problem.rule, problem.message) }
    case .json:
      try report.add((hasProblems ? ",\n" : jsonStart) + problem.json)
      hasProblems = true
    }
  }

  /// Prints the results; throws if any part of the report could not be written.
  func finish(_ result: ImageCheck.Result) throws {
    if let failure { throw failure }
    switch format {
    case .human:
      try printRun()
      for line in result.lines { try report.line(line) }
    case .json: try report.line((hasProblems ? "" : jsonStart) + "]," + result.json.dropFirst())
    }
    try report.flush()
  }

  private var jsonStart: String { "{\"filename\":\(JSONText.string(fileName)),\"format\":\"parallels\",\"problems\":[" }

  private func printRun() throws {
    if let run { try printLine(run.first.rule, run.description) }
  }

  private func printLine(_ rule: Rule, _ message: String) throws {
    let file = fileOfRun.map { "'\($0.printable)': " } ?? ""
    try report.line("\(rule.severity.rawValue): \(file)\(message)")
  }
}

extension CheckProblem {
  fileprivate var json: String {
    JSONText.object(
      [
        "kind": JSONText.string(rule.word), "severity": JSONText.string(rule.severity.rawValue),
        "cluster": JSONText.number(entry?.index), "bat-value": JSONText.number(entry?.entry),
        "offset": JSONText.number(byteOffset), "message": JSONText.string(message),
      ], and: fileName == nil ? [:] : ["filename": JSONText.string(orNull: fileName)])
  }
}

extension ImageCheck.Result {
  fileprivate var lines: [String] {
    var lines: [String] = []
    if corruptionCount > 0 { lines.append("\(counted(corruptionCount, "corruption")) found") }
    if leakedClusterCount > 0 { lines.append("\(counted(leakedClusterCount, "leaked cluster")) found") }
    if corruptionCount == 0, leakedClusterCount == 0 { lines.append("no errors found") }
    if let allocatedClusterCount, let fragmentedClusterCount, let imageEndOffset {
      lines.append(
        "\(allocatedClusterCount) of \(counted(clusterCount, "cluster")) allocated, \(fragmentedClusterCount) fragmented"
      )
      lines.append("image end offset: \(imageEndOffset)")
    }
    lines.append("prl2raw \(outlookText)")
    return lines
  }

  private var outlookText: String {
    switch outlook {
    case .converts: "can convert this image"
    case .convertsWhenAllowed: "refuses this image; --salvage converts it without loss"
    case .salvages(let lost, let shared):
      "refuses this image; with --salvage, "
        + [
          lost > 0 ? "data of \(counted(lost, "cluster")) is lost" : nil,
          shared > 0 ? "\(counted(shared, "shared cluster")) \(shared == 1 ? "is" : "are") ambiguous" : nil,
        ].compactMap(\.self).joined(separator: " and ")
    case .refuses: "cannot convert this image, not even with --salvage"
    }
  }

  fileprivate var json: String {
    JSONText.object([
      "check-errors": "0", "corruptions": JSONText.number(corruptionCount),
      "leaks": JSONText.number(leakedClusterCount), "image-end-offset": JSONText.number(imageEndOffset),
      "total-clusters": JSONText.number(clusterCount), "allocated-clusters": JSONText.number(allocatedClusterCount),
      "fragmented-clusters": JSONText.number(fragmentedClusterCount), "warnings": JSONText.number(warningCount),
      "salvage": salvageJSON,
    ])
  }

  private var salvageJSON: String {
    let (word, lost, shared): (String, UInt64, UInt64) =
      switch outlook {
      case .converts: ("not-needed", 0, 0)
      case .convertsWhenAllowed: ("without-loss", 0, 0)
      case .salvages(let lost, let shared): ("with-loss", lost, shared)
      case .refuses: ("impossible", 0, 0)
      }
    return JSONText.object([
      "outlook": JSONText.string(word), "lost-clusters": JSONText.number(lost),
      "shared-clusters": JSONText.number(shared),
    ])
  }
}
