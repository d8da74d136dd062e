import ArgumentParser
import DiskConversion

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show what a Parallels image says about itself: header, allocation, state, extension, bitmaps.")

  @OptionGroup var images: ImageArguments
  @OptionGroup var report: ReportOptions
  @OptionGroup var bundle: BundleOptions

  func run() throws { try InspectionRun(files: images.files, report: report, command: self).perform(show) }

  private func show(_ file: String) throws {
    let notice = WaitNotice(for: file)
    defer { notice.end() }
    let control = try ConversionControl(report: warn)
    switch try ParallelsInfo.read(Endpoint(argument: file), policy: bundle.policy(), control: control) {
    case .image(let info): try report.write(human: info.lines, json: info.json)
    case .bundle(let info): try report.write(human: info.lines, json: info.json)
    }
  }
}
