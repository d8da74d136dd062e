import ArgumentParser
import DiskConversion

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a Parallels image says about itself: header, allocation, state, extension, bitmaps.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions

  func run() throws {
    let notice = WaitNotice(for: image.file)
    defer { notice.end() }
    let control = try ConversionControl(report: warn)
    let info = try ImageInfo.read(image.endpoint, control: control)
    try report.write(human: info.lines, json: info.json)
  }
}
