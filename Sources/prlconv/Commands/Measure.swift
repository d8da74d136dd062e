import ArgumentParser
import DiskConversion

struct Measure: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Print how large the new Parallels image of a disk will be, without writing it.")

  @Argument(
    help: ArgumentHelp(
      "The disk: raw, compressed raw, or Parallels; '-' or nothing means stdin.", valueName: "INPUT"),
    completion: .anyDisk)
  var input: String?

  @OptionGroup var image: NewImageOptions
  @Flag(name: .long, help: "Measure the image of a bundle.") var bundle = false
  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var reading: BundleOptions
  @OptionGroup var report: ReportOptions
  @OptionGroup var work: WorkOptions

  func run() throws {
    let source = Endpoint(argument: input)
    try source.refuseTerminal()
    var options = ImageMeasure.Options()
    options.virtualByteCount = image.size
    options.takesInputAsIs = image.inputFormat == .raw
    options.layout = image.format.layout
    options.clusterByteCount = image.format.clusterSize
    options.storesZeros = image.format.allocated
    options.bitmap = image.bitmap
    options.bundle = bundle ? NewBundle() : nil
    options.policy = reading.policy(snapshot: snapshot)
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
