import ArgumentParser
import DiskConversion

/// The flags `-1` to `-9`.
enum GzipLevel: Int, EnumerableFlag {
  case one = 1
  case two, three, four, five, six, seven, eight, nine

  static func name(for level: Self) -> NameSpecification { .customShort(Character("\(level.rawValue)")) }

  static func help(for level: Self) -> ArgumentHelp? {
    switch level {
    case .one: "Fastest compression; -2 to -8 lie between -1 and -9."
    case .six: "Default compression."
    case .nine: "Best compression."
    default: .hidden
    }
  }
}

struct Prl2Raw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prl2raw", abstract: "Convert a Parallels image (.hds) or bundle (.hdd) to a raw disk.")

  @Argument(help: .input, completion: .image) var input: String?
  @Argument(help: .output, completion: .rawDisk) var output: String?
  @Option(name: .output, help: .outputOption, completion: .rawDisk) var outputOption: String?

  @OptionGroup var conversion: ConversionOptions

  @Flag(
    name: [.customShort("z"), .customLong("gzip")], help: "Compress the output; implied by a name that ends in .gz.")
  var gzip = false

  @Flag(exclusivity: .chooseLast) var level: GzipLevel?

  private static let standardGzipLevel = 6

  @Option(
    name: [.customShort("S", allowingJoined: true), .customLong("sparse-size")],
    help: ArgumentHelp(
      "Turn runs of zeros of at least this size into holes; 0 writes all zeros (default: 4k).", valueName: "N"),
    transform: byteSize)
  var sparseSize: UInt64?

  @Flag(name: .long, help: "Assume that the output device is all zeros already.") var targetIsZero = false

  @Flag(name: .long, help: .salvage) var salvage = false
  @Flag(name: .long, help: .allowDirty) var allowDirty = false

  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var bundle: BundleOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Refresh OUTPUT, an older copy: write only what this dirty bitmap marks.", valueName: "ID"))
  var bitmap: String?

  func validate() throws {
    let files = try files
    if bitmap == nil {
      try files.refuseMisleadingName(
        of: .raw(isCompressed: gzipLevel(for: files.target) != nil), force: conversion.force)
    }
    guard
      bitmap == nil
        || (gzipLevel(for: files.target) == nil && !salvage && !allowDirty && !targetIsZero && snapshot == nil)
    else {
      throw ValidationError(
        "--bitmap cannot be combined with --gzip, --salvage, --allow-dirty, --target-is-zero or --snapshot")
    }
    guard conversion.reflink != .always || sparseSize == nil else {
      throw ValidationError("--reflink always shares zeros as well: --sparse-size does not apply")
    }
    guard bitmap == nil || files.target != .standardStream else {
      throw ValidationError("--bitmap requires an existing OUTPUT file or device")
    }
    guard (sparseSize ?? 0) % 512 == 0, sparseSize ?? 0 <= 1 << 30 else {
      throw ValidationError("--sparse-size takes a multiple of 512 up to 1G")
    }
  }

  private var files: ConvertedFiles {
    get throws { try ConvertedFiles(input: input, output: output, outputOption: outputOption) }
  }

  /// Nil when the output is not compressed; a level implies `--gzip`.
  private func gzipLevel(for target: Endpoint) -> Int? {
    var isCompressed = gzip || level != nil
    if case .path(let path) = target, path.lowercased().hasSuffix(".gz") { isCompressed = true }
    return isCompressed ? level?.rawValue ?? Self.standardGzipLevel : nil
  }

  func run() throws {
    let files = try files
    if !conversion.force { try files.refuseTerminals() }
    if let bitmap, case .path(let path) = files.target { return try refresh(path, files, bitmap: bitmap) }
    var options = ParallelsToRaw.Options()
    options.output = conversion.outputOptions
    options.gzipLevel = gzipLevel(for: files.target)
    if let sparseSize {
      // Shared blocks keep their zeros.
      options.sparseByteCount = Int(sparseSize)
      options.output.sharing = .never
    }
    options.targetIsZero = targetIsZero
    options.policy = bundle.policy(snapshot: snapshot)
    options.policy.allowsDirty = allowDirty
    options.policy.salvages = salvage
    options.resources = conversion.work.resources
    try ConversionRun(options: conversion, files: files).perform { control throws(ConversionError) in
      try ParallelsToRaw.convert(files.source, to: files.target, options: options, control: control)
    }
  }

  private func refresh(_ path: String, _ files: ConvertedFiles, bitmap: String) throws {
    var options = BitmapRefresh.Options(bitmap: bitmap)
    options.sparseByteCount = sparseSize.map { Int($0) } ?? options.sparseByteCount
    options.readsAlone = bundle.alone
    options.resources = conversion.work.resources
    options.synchronizes = conversion.sync
    options.verifies = conversion.verify
    try ConversionRun(options: conversion, files: files).perform { control throws(ConversionError) in
      try BitmapRefresh.refresh(path, from: files.source, options: options, control: control)
    }
  }
}
