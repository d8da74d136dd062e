import ParallelsBundle
import StreamIO

/// The names in a new bundle.
struct BundleNames {
  /// The name of the disk.
  let disk: String
  /// The file of the image.
  let image: String
  /// The empty file.
  let stub: String

  /// The names of all files.
  var all: [String] { [BundleLocation.descriptorName, BundleLocation.backupName, stub, image] }

  private static let suffix = ".hdd"

  /// For a bundle at `path`, which messages call `name`.
  ///
  /// - Throws: `bundleName` if they can't be names, or if a descriptor can't hold them.
  init(_ path: String, name: String) throws(ConversionError) {
    let base = BundleLocation.baseName(of: path)
    guard !["", ".", ".."].contains(base) else { throw ConversionError(name, .bundleName("is not a name")) }
    guard base.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }) else {
      throw ConversionError(name, .bundleName("has control characters"))
    }
    guard base.unicodeScalars.allSatisfy({ $0.value & 0xFFFE != 0xFFFE }) else {
      throw ConversionError(name, .bundleName("has characters that XML excludes"))
    }
    guard base.first?.isWhitespace == false else {
      throw ConversionError(name, .bundleName("begins with white space, which XML does not keep"))
    }
    disk = base.lowercased().hasSuffix(Self.suffix) && base.count > Self.suffix.count ? String(base.dropLast(4)) : base
    image = "\(base).0.{\(BundleID.current)}.hds"
    stub = base
    let limit = longestName(in: BundleLocation.parent(of: path))
    guard image.utf8.count <= limit else {
      throw ConversionError(
        name, .bundleName("is too long: its image '\(image)' would have \(image.utf8.count) bytes of \(limit)"))
    }
  }
}
