import ArgumentParser
import DiskConversion
import StreamIO

struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare the data of two disks, each of them raw, compressed raw or Parallels.")

  @Argument(help: ArgumentHelp("The first disk; '-' means stdin.", valueName: "A"), completion: .anyDisk)
  var first: String

  @Argument(help: ArgumentHelp("The second disk; '-' means stdin.", valueName: "B"), completion: .anyDisk)
  var second: String

  @Flag(name: [.customShort("s"), .customLong("strict")], help: "Treat disks of different sizes as different.")
  var strict = false

  @Option(
    name: .long,
    help: "How to treat the disks; with raw, whatever is not a Parallels image is data, gzip included.")
  var inputFormat = InputFormat.auto

  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var bundle: BundleOptions
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
    options.takesInputAsIs = inputFormat == .raw
    options.policy = bundle.policy(snapshot: snapshot)
    options.resources = work.resources
    let comparison = try DiskRun(work).perform { control throws(ConversionError) in
      try DiskComparison.compare(disks[0], disks[1], options: options, control: control)
    }.result
    let isSame = comparison.firstDifference == nil
    if isSame, comparison.hasSizesThatDiffer {
      Console.shared.warning("the disks differ in size; the rest of the longer one is zeros")
    }
    try report.write(human: work.quiet ? [] : [comparison.text(first, second)], json: comparison.json)
    if !isSame { throw ExitCode(ExitStatus.disksDiffer) }
  }
}

extension DiskComparison {
  fileprivate func text(_ first: String, _ second: String) -> String {
    let names = "'\(first)' and '\(second)'".printable
    guard let firstDifference else { return "\(names) are identical" }
    let shorter = min(firstByteCount ?? .max, secondByteCount ?? .max)
    let place = firstDifference < shorter ? "" : ", after the end of the shorter disk"
    return "\(names) differ at byte \(firstDifference)\(place)"
  }

  fileprivate var json: String {
    JSONText.object([
      "identical": "\(firstDifference == nil)", "first-difference": JSONText.number(firstDifference),
      "size-a": JSONText.number(firstByteCount), "size-b": JSONText.number(secondByteCount),
    ])
  }
}
