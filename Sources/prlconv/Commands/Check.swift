import ArgumentParser
import DiskConversion

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "List every rule of the format that a Parallels image breaks, without changing it.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions
  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var bundle: BundleOptions

  func run() throws {
    let notice = WaitNotice(for: image.file)
    defer { notice.end() }
    let control = try ConversionControl(report: warn)
    let printer = CheckPrinter(format: report.output, fileName: image.file)
    let result = try ImageCheck.run(image.endpoint, policy: bundle.policy(snapshot: snapshot), control: control) {
      printer.print($0)
    }
    try printer.finish(result)
    if result.corruptionCount > 0 { throw ExitCode(ExitStatus.imageIsCorrupt) }
    if result.leakedClusterCount > 0 { throw ExitCode(ExitStatus.imageLeaks) }
  }
}
