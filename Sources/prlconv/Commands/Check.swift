import ArgumentParser
import DiskConversion

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "List every rule of the format that a Parallels image breaks, without changing it.")

  @OptionGroup var images: ImageArguments
  @OptionGroup var report: ReportOptions
  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var bundle: BundleOptions

  func run() throws { try InspectionRun(files: images.files, report: report, command: self).perform(check) }

  private func check(_ file: String) throws {
    let notice = WaitNotice(for: file)
    defer { notice.end() }
    if images.files.count > 1, report.output == .human { try Report.write(["image: \(file.printable)"]) }
    let printer = CheckPrinter(format: report.output, fileName: file)
    let result = try ImageCheck.run(
      Endpoint(argument: file), policy: bundle.policy(snapshot: snapshot), control: ConversionControl(report: warn)
    ) { printer.print($0) }
    try printer.finish(result)
    if result.corruptionCount > 0 { throw ExitCode(ExitStatus.imageIsCorrupt) }
    if result.leakedClusterCount > 0 { throw ExitCode(ExitStatus.imageLeaks) }
  }
}
