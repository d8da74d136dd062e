import ArgumentParser
import DiskConversion

/// Options that choose which files are read as a disk.
struct BundleFileOptions: ParsableArguments {
  @Flag(name: .long, help: "Read an image by itself that is a snapshot, or part of a split disk.") var alone = false

  @Flag(name: .long, help: "Open files that a bundle's descriptor names outside its folder (linked clones).")
  var allowExternal = false

  /// The same settings for the library.
  var policy: ReadingPolicy { ReadingPolicy(readsAlone: alone, allowsExternal: allowExternal) }
}

/// Options that choose what is read of a bundle.
struct BundleOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "State of a bundle to read: a snapshot's GUID, or its beginning (default: current).", valueName: "ID"))
  var snapshot: String?

  @OptionGroup var files: BundleFileOptions

  /// The same settings for the library.
  var policy: ReadingPolicy {
    var policy = files.policy
    policy.snapshot = snapshot
    return policy
  }
}
