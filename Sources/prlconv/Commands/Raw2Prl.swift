import ArgumentParser
import DiskConversion

struct Raw2Prl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raw2prl", abstract: "Convert a raw disk into a Parallels image (.hds).")

  @OptionGroup var shared: SharedOptions<RawToImage>
  @OptionGroup var image: NewImageOptions

  func run() throws {
    try shared.refuseTerminals()
    var options = image.conversionOptions(threadCount: shared.work.threadCount)
    options.common = shared.common
    try ConversionRun(shared).perform { control throws(ConversionError) in
      try RawToParallels.convert(shared.source, to: shared.target, options: options, control: control)
    }
  }
}
