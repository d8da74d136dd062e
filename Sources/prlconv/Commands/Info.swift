import ArgumentParser
import DiskConversion

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what a Parallels image says of itself: header, allocation, state, extension, bitmaps.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions

  func run() throws {
    let control = try ConversionControl(report: warn)
    let info = try ImageInfo.read(image.endpoint, control: control)
    var report = Report()
    switch self.report.output {
    case .human: for line in info.lines { try report.line(line) }
    case .json: try report.line(info.json)
    }
    try report.flush()
  }
}
