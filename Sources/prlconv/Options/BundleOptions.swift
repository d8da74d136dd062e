import ArgumentParser
import DiskConversion

/// Options that choose which files are read as a disk.
struct BundleOptions: ParsableArguments {
  @Flag(name: .long, help: "Read an image by itself that is a snapshot with a parent, or part of a split disk.")
  var alone = false

  @Flag(name: .long, help: "Open files that a bundle's descriptor names outside its folder (linked clones).")
  var allowExternal = false

  /// The same settings for the library, with the state of a bundle to read; nil for the current one.
  func policy(snapshot: String? = nil) -> ReadingPolicy {
    ReadingPolicy(readsAlone: alone, allowsExternal: allowExternal, snapshot: snapshot)
  }
}

/// Options of the commands that read a disk; `info` has no `--snapshot`, because it lists them all.
extension ArgumentHelp {
  static let salvage: ArgumentHelp =
    "Convert a damaged image: write zeros for lost data, list every loss, and exit with status 2."
  static let allowDirty: ArgumentHelp = "Convert an image that was not closed."
  static let snapshot = ArgumentHelp(
    "State of a bundle to read: a snapshot's GUID, or its first 8 or more characters (default: current).",
    valueName: "ID")
}
