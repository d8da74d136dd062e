import ArgumentParser
import DiskConversion

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show what a Parallels image says about itself: header, allocation, state, extension, bitmaps.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions
  @OptionGroup var bundle: BundleOptions

  func run() throws {
    let notice = WaitNotice(for: image.file)
    defer { notice.end() }
    let control = try ConversionControl(report: warn)
    switch try ParallelsInfo.read(image.endpoint, policy: bundle.policy(), control: control) {
    case .image(let info): try report.write(human: info.lines, json: info.json)
    case .bundle(let info): try report.write(human: info.lines, json: info.json)
    }
  }
}
