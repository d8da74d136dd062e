import ArgumentParser
import DiskConversion
import ParallelsFormat

/// Format of `--input-format`.
enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case auto, raw
}

/// Options that determine what the new image of a raw disk looks like.
struct NewImageOptions: ParsableArguments {
  @Option(
    name: [.customShort("s", allowingJoined: true), .customLong("size")],
    help: ArgumentHelp("Size of the disk; a shorter input is padded with zeros.", valueName: "N"), transform: byteSize)
  var size: UInt64?

  @OptionGroup var format: ImageFormatOptions

  @Option(
    name: .long,
    help: "How to treat the input: auto decompresses gzip and refuses other formats; raw takes any bytes as data.")
  var inputFormat = InputFormat.auto

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Add an empty dirty bitmap with this ID, so that a hypervisor can record later changes.", valueName: "UUID"))
  var newBitmap: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Bytes of the disk that each bit of the bitmap covers, a power of two (default: 64K).", valueName: "N"),
    transform: byteSize)
  var bitmapGranularity: UInt64?

  func validate() throws {
    guard newBitmap != nil || bitmapGranularity == nil else {
      throw ValidationError("--bitmap-granularity requires --new-bitmap")
    }
    guard newBitmap == nil || bitmap != nil else {
      throw ValidationError(
        "--new-bitmap takes a UUID, such as uuidgen prints; --bitmap-granularity takes a power of two from 512 to 1T")
    }
  }

  /// The bitmap to add; nil for none.
  var bitmap: NewBitmap? {
    newBitmap.flatMap {
      NewBitmap(id: $0, granularityByteCount: bitmapGranularity ?? NewBitmap.standardGranularityByteCount)
    }
  }

  /// The same settings for the library, for an image in `bundle` if that is given.
  func conversionOptions(in bundle: NewBundle?) throws -> RawToParallels.Options {
    try format.check(for: bundle)
    guard bundle?.isPlain != true || newBitmap == nil else {
      throw ValidationError("--plain stores raw bytes: --new-bitmap does not apply")
    }
    var options = RawToParallels.Options()
    options.virtualByteCount = size
    options.takesInputAsIs = inputFormat == .raw
    options.image.clusterByteCount = format.clusterSize ?? options.image.clusterByteCount
    options.image.layout = format.layout ?? (bundle == nil ? .extended : .legacy)
    options.image.storesZeros = format.allocated
    options.image.bitmap = bitmap
    options.image.bundle = bundle
    return options
  }
}
