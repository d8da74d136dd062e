import ArgumentParser
import DiskConversion
import ParallelsFormat

/// Format of `--input-format`.
enum InputFormat: String, ExpressibleByArgument, CaseIterable {
  case auto, raw
}

/// Options that determine what the new image looks like.
struct NewImageOptions: ParsableArguments {
  @Option(
    name: [.customShort("s", allowingJoined: true), .customLong("size")],
    help: ArgumentHelp("Size of the disk; a shorter input is padded with zeros.", valueName: "N"), transform: byteSize)
  var size: UInt64?

  @Option(
    name: .long, help: ArgumentHelp("Cluster size, a multiple of 512 (default: 1M).", valueName: "N"),
    transform: byteSize)
  var clusterSize: UInt64 = 1 << 20

  @Option(name: .long, help: "Layout of the image: ext (WithouFreSpacExt) or legacy (WithoutFreeSpace).")
  var layout = Layout.extended

  @Flag(name: .long, help: "Store clusters of zeros as well.") var allocated = false

  @Option(
    name: .long,
    help: "How to treat the input: auto (decompress gzip, refuse other formats) or raw (take any bytes as data).")
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
    guard clusterSize > 0, clusterSize % sectorByteCount == 0 else {
      throw ValidationError("--cluster-size takes a multiple of 512")
    }
    guard newBitmap != nil || bitmapGranularity == nil else {
      throw ValidationError("--bitmap-granularity requires --new-bitmap")
    }
    guard newBitmap == nil || bitmap != nil else {
      throw ValidationError(
        "--new-bitmap takes a UUID, such as uuidgen prints; --bitmap-granularity takes a power of two from 512 to 1T")
    }
  }

  private var bitmap: NewBitmap? {
    newBitmap.flatMap {
      NewBitmap(id: $0, granularityByteCount: bitmapGranularity ?? NewBitmap.standardGranularityByteCount)
    }
  }

  /// The same settings for the library.
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
