import ArgumentParser
import DiskConversion

struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Print how large the Parallels image of a raw disk will be, without writing it.")

  @Argument(
    help: ArgumentHelp("The raw disk, compressed or not; '-' or nothing means stdin.", valueName: "INPUT"),
    completion: .rawDisk)
  var input: String?

  @OptionGroup var image: NewImageOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var work: WorkOptions

  func run() throws {
    let source = Endpoint(argument: input)
    try source.refuseTerminal()
    var options = image.conversionOptions
    options.resources = work.resources
    let measure = try DiskRun(work).perform { control throws(ConversionError) in
      try ImageMeasure.measure(source, options: options, control: control)
    }.result
    try report.write(
      human: [
        "required size: \(ByteSize(byteCount: measure.requiredByteCount).exactDescription)",
        "fully allocated size: \(ByteSize(byteCount: measure.fullByteCount).exactDescription)",
      ],
      json: JSONText.object([
        "required": JSONText.number(measure.requiredByteCount),
        "fully-allocated": JSONText.number(measure.fullByteCount),
      ]))
  }
}
