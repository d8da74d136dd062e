import TestSupport
import Testing

/// A file system that can share blocks, mounted from a file.
enum SharingFileSystem: String, CaseIterable {
  case xfs, btrfs

  static let mountable = allCases.filter {
    Shell.works("truncate -s 320M fs && \($0.make) fs && mkdir m && unshare -m sh -c 'mount -o loop fs m && touch m/x'")
  }

  var make: String { self == .xfs ? "mkfs.xfs -q -m reflink=1" : "mkfs.btrfs -q" }
}

extension TemporaryFolder {
  /// Runs a script with a new file system at `fs`; inputs are in the folder above it.
  func run(on system: SharingFileSystem, _ script: String) throws -> Outcome {
    try Shell.prepare("rm -f fs.img; truncate -s 320M fs.img; \(system.make) fs.img; mkdir -p fs", in: self)
    try write(Array(("set -e; cd fs; " + script).utf8), to: "script")
    return try Shell.run(
      "unshare -m bash -c 'mount -o loop fs.img fs || exit 99; exec bash -o pipefail script'", in: self)
  }
}
