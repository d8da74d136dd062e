import ArgumentParser
import DiskConversion
import ParallelsFormat

/// The form that a raw disk is taken for.
enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case auto, raw
}

/// What shapes the image of a raw disk.
struct NewImageOptions: ParsableArguments {
  @Option(
    name: [.customShort("s", allowingJoined: true), .customLong("size")],
    help: ArgumentHelp("Size of the disk: a shorter input is followed by zeros.", valueName: "N"), transform: byteSize)
  var size: UInt64?

  @Option(
    name: .long, help: ArgumentHelp("Cluster size, a multiple of 512 (default: 1M).", valueName: "N"),
    transform: byteSize)
  var clusterSize: UInt64 = 1 << 20

  @Option(name: .long, help: "The image's layout: ext (WithouFreSpacExt) or legacy (WithoutFreeSpace).")
  var layout = Layout.extended

  @Flag(name: .long, help: "Store clusters of zeros, too.") var allocated = false

  @Option(
    name: .long,
    help: "What the input is: auto (gzip is decompressed, a Parallels image refused) or raw (data, whatever it is).")
  var inputFormat = InputFormat.auto

  @Option(
    name: .long,
    help: ArgumentHelp("Begin a dirty bitmap with this id: what changes from now on can be marked.", valueName: "UUID"))
  var newBitmap: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Bytes of the disk for each bit, a power of two (default: 64K).", valueName: "N"),
    transform: byteSize)
  var bitmapGranularity: UInt64?

  func validate() throws {
    guard newBitmap != nil || bitmapGranularity == nil else {
      throw ValidationError("--bitmap-granularity is for --new-bitmap")
    }
    guard newBitmap == nil || bitmap != nil else {
      throw ValidationError(
        "--new-bitmap takes a UUID, as uuidgen makes it; --bitmap-granularity a power of two from 512 to 1T")
    }
  }

  private var bitmap: NewBitmap? {
    newBitmap.flatMap {
      NewBitmap(id: $0, granularityByteCount: bitmapGranularity ?? NewBitmap.standardGranularityByteCount)
    }
  }

  /// The library's form of them.
  var conversionOptions: RawToParallels.Options {
    var options = RawToParallels.Options()
    options.virtualByteCount = size
    options.takesInputAsIs = inputFormat == .raw
    options.image.clusterByteCount = clusterSize
    options.image.layout = layout
    options.image.storesZeros = allocated
    options.image.bitmap = bitmap
    return options
  }
}
