import ArgumentParser
import DiskConversion
import ParallelsBundle

/// Options that determine whether the output is a bundle, and what it looks like.
struct NewBundleOptions: ParsableArguments {
  @Flag(
    name: .long, inversion: .prefixedNo,
    help: "Write a bundle, which is a folder, or a single image (default: a bundle if OUTPUT ends in .hdd).")
  var bundle: Bool?

  @Flag(name: .long, help: "Store raw bytes in the bundle, as guests with macOS on Apple silicon need.")
  var plain = false

  @Option(name: .long, help: ArgumentHelp("UID of the bundle's disk (default: random).", valueName: "UUID"))
  var uid: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Heads and sectors that the bundle gives to the guest (default: 16:32; old BIOS guests may need 16:63).",
      valueName: "H:S"))
  var geometry: String?

  func validate() throws {
    guard uid == nil || parsedUID != nil else { throw ValidationError("--uid takes a UUID, such as uuidgen prints") }
    guard geometry == nil || parsedGeometry != nil else {
      throw ValidationError("--geometry takes 1 to 255 heads and 1 to 63 sectors, such as 16:63")
    }
  }

  private var parsedUID: BundleID? { uid.flatMap { BundleID($0) } }

  private var parsedGeometry: NewDescriptor.Geometry? {
    let numbers = (geometry ?? "").split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) }
    guard numbers.count == 2, let heads = numbers[0], let sectors = numbers[1] else { return nil }
    return NewDescriptor.Geometry(heads: heads, sectors: sectors)
  }

  /// The bundle to write at `target`; nil for an image.
  func newBundle(at target: Endpoint) throws -> NewBundle? {
    var isNamedSo = false
    if case .path(let path) = target {
      var name = path[...]
      while name.utf8.last == UInt8(ascii: "/") { name.removeLast() }
      isNamedSo = name.lowercased().hasSuffix(".hdd")
    }
    guard bundle ?? isNamedSo else {
      guard !plain, uid == nil, geometry == nil else {
        throw ValidationError(
          "--plain, --uid and --geometry require a bundle: an OUTPUT that ends in .hdd, or --bundle")
      }
      return nil
    }
    guard target != .standardStream else {
      throw ValidationError("a bundle is a folder and cannot be written to stdout: name OUTPUT")
    }
    return newBundle
  }

  /// The bundle that the options describe.
  var newBundle: NewBundle {
    var bundle = NewBundle()
    bundle.isPlain = plain
    bundle.uid = parsedUID
    if let parsedGeometry { bundle.geometry = parsedGeometry }
    return bundle
  }
}
