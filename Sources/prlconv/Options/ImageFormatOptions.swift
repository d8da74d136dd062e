import ArgumentParser
import DiskConversion
import ParallelsFormat

/// Options that determine the form of a new image.
struct ImageFormatOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("Cluster size, a multiple of 512 (default: 1M, or that of INPUT).", valueName: "N"),
    transform: byteSize)
  var clusterSize: UInt64?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Layout of the image: ext for Virtuozzo and QEMU, legacy for Parallels Desktop, up to 2 TiB "
        + "(default: legacy in a bundle, else ext, or that of INPUT)."))
  var layout: Layout?

  @Flag(name: .long, help: "Store clusters of zeros as well: all, or those that INPUT stores if it is an image.")
  var allocated = false

  func validate() throws {
    guard clusterSize.map({ $0 > 0 && $0 % sectorByteCount == 0 }) ?? true else {
      throw ValidationError("--cluster-size takes a multiple of 512")
    }
  }

  /// Throws if the options make no sense in `bundle`.
  func check(for bundle: NewBundle?) throws {
    guard bundle?.isPlain != true || (clusterSize == nil && layout == nil && !allocated) else {
      throw ValidationError("--plain stores raw bytes: --cluster-size, --layout and --allocated do not apply")
    }
  }
}
