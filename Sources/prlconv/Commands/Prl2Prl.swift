import ArgumentParser
import DiskConversion

struct Prl2Prl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prl2prl",
    abstract: "Rewrite a Parallels image or bundle as a new one: without snapshots and zeros, in disk order.")

  @Argument(help: .input, completion: .image) var input: String?
  @Argument(help: .output, completion: .image) var output: String?
  @Option(name: .output, help: .outputOption, completion: .image) var outputOption: String?

  @OptionGroup var conversion: ConversionOptions
  @OptionGroup var format: ImageFormatOptions

  @Flag(name: .long, help: "Leave out dirty bitmaps, and all else in the format extension.") var dropBitmaps = false

  @OptionGroup var newBundle: NewBundleOptions

  @Flag(name: .long, help: .salvage) var salvage = false
  @Flag(name: .long, help: .allowDirty) var allowDirty = false
  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var bundle: BundleOptions

  func validate() throws {
    let files = try files
    try files.refuseMisleadingName(of: .image, force: conversion.force)
    try format.check(for: newBundle.newBundle(at: files.target))
  }

  private var files: ConvertedFiles {
    get throws { try ConvertedFiles(input: input, output: output, outputOption: outputOption) }
  }

  func run() throws {
    let files = try files
    if !conversion.force { try files.refuseTerminals() }
    var options = ParallelsToParallels.Options()
    options.layout = format.layout
    options.clusterByteCount = format.clusterSize
    options.keepsAllocated = format.allocated
    options.dropsBitmaps = dropBitmaps
    options.bundle = try newBundle.newBundle(at: files.target)
    options.policy = bundle.policy(snapshot: snapshot)
    options.policy.allowsDirty = allowDirty
    options.policy.salvages = salvage
    options.output = conversion.outputOptions
    options.resources = conversion.work.resources
    try ConversionRun(options: conversion, files: files).perform { control throws(ConversionError) in
      try ParallelsToParallels.convert(files.source, to: files.target, options: options, control: control)
    }
  }
}
