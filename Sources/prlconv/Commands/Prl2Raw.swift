import ArgumentParser
import DiskConversion

struct Prl2Raw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prl2raw", abstract: "Convert a Parallels image (.hds) into a raw disk.")

  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("S"), .customLong("sparse-size")],
    help: ArgumentHelp("Zero runs of this size become holes; 0 writes every zero (default: 4k).", valueName: "N"),
    transform: byteSize)
  var sparseSize: UInt64 = 4096

  @Flag(name: .long, help: "The output device reads as zeros already.")
  var targetIsZero = false

  @Flag(name: .long, help: "Convert a damaged image: zeros for what is lost, every loss listed, exit status 2.")
  var salvage = false

  @Flag(name: .long, help: "Convert an image that was not closed.")
  var allowDirty = false

  func validate() throws {
    guard sparseSize % 512 == 0, sparseSize <= 1 << 30 else {
      throw ValidationError("--sparse-size takes multiples of 512 up to 1G")
    }
  }

  func run() throws {
    try shared.refuseTerminals()
    var options = ParallelsToRaw.Options()
    options.sparseByteCount = Int(sparseSize)
    options.targetIsZero = targetIsZero
    options.salvages = salvage
    options.allowsDirty = allowDirty
    options.common = shared.common
    try ConversionRun(shared).perform { control throws(ConversionError) in
      try ParallelsToRaw.convert(shared.source, to: shared.target, options: options, control: control)
    }
  }
}
