import ArgumentParser
import DiskConversion

struct Raw2Prl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raw2prl", abstract: "Convert a raw disk to a Parallels image (.hds) or bundle (.hdd).")

  @Argument(help: .input, completion: .rawDisk) var input: String?
  @Argument(help: .output, completion: .image) var output: String?
  @Option(name: .output, help: .outputOption, completion: .image) var outputOption: String?

  @OptionGroup var conversion: ConversionOptions
  @OptionGroup var image: NewImageOptions
  @OptionGroup var bundle: NewBundleOptions

  @Flag(name: .long, help: "Read the holes of a file instead of asking the file system for them.") var readHoles = false

  func validate() throws {
    let files = try files
    try files.refuseMisleadingName(of: .image, force: conversion.force)
    guard conversion.reflink != .always || !readHoles else {
      throw ValidationError("--reflink always and --read-holes cannot be combined")
    }
    _ = try image.conversionOptions(in: bundle.newBundle(at: files.target))
  }

  private var files: ConvertedFiles {
    get throws { try ConvertedFiles(input: input, output: output, outputOption: outputOption) }
  }

  func run() throws {
    let files = try files
    if !conversion.force { try files.refuseTerminals() }
    var options = try image.conversionOptions(in: bundle.newBundle(at: files.target))
    options.output = conversion.outputOptions
    options.readsHoles = readHoles
    options.resources = conversion.work.resources
    try ConversionRun(options: conversion, files: files).perform { control throws(ConversionError) in
      try RawToParallels.convert(files.source, to: files.target, options: options, control: control)
    }
  }
}
