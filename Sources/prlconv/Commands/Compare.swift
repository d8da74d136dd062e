import ArgumentParser
import DiskConversion
import StreamIO

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell whether two disks have the same bytes: raw, raw in gzip, Parallels, in any pairing.")

  @Argument(help: ArgumentHelp("A disk; '-' is stdin.", valueName: "A"), completion: .anyDisk) var first: String

  @Argument(help: ArgumentHelp("Another disk; '-' is stdin.", valueName: "B"), completion: .anyDisk) var second: String

  @Flag(name: [.customShort("s"), .customLong("strict")], help: "Disks of different sizes are different.")
  var strict = false

  @OptionGroup var report: ReportOptions
  @OptionGroup var work: WorkOptions

  func validate() throws {
    guard first != "-" || second != "-" else { throw ValidationError("only one of the disks can be stdin") }
  }

  func run() throws {
    let disks = [first, second].map { Endpoint(argument: $0) }
    for disk in disks { try disk.refuseTerminal() }
    var options = DiskComparison.Options()
    options.isStrict = strict
    options.resources = work.resources
    let comparison = try DiskRun(work).perform { control throws(ConversionError) in
      try DiskComparison.compare(disks[0], disks[1], options: options, control: control)
    }.result
    let isSame = comparison.firstDifference == nil
    if isSame, comparison.hasSizesThatDiffer {
      Console.shared.warning("the disks differ in size: the longer one ends in zeros")
    }
    try report.write(human: work.quiet ? [] : [comparison.text(first, second)], json: comparison.json)
    if !isSame { throw ExitCode(ExitStatus.disksDiffer) }
  }
}

extension DiskComparison {
  fileprivate func text(_ first: String, _ second: String) -> String {
    let names = "'\(first)' and '\(second)'".printable
    guard let firstDifference else { return "\(names): the same bytes" }
    let shorter = min(firstByteCount ?? .max, secondByteCount ?? .max)
    let place = firstDifference < shorter ? "" : ", behind the end of the shorter one"
    return "\(names): different at byte \(firstDifference)\(place)"
  }

  fileprivate var json: String {
    JSONText.object([
      "identical": "\(firstDifference == nil)", "first-difference": JSONText.number(firstDifference),
      "size-a": JSONText.number(firstByteCount), "size-b": JSONText.number(secondByteCount),
    ])
  }
}
