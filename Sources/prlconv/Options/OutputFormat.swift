/// What a conversion writes.
enum OutputFormat {
  case image
  case raw(isCompressed: Bool)

  private static let foreignEndings = [
    "xz", "zst", "zstd", "bz2", "lz4", "lz", "lzma", "br", "zip", "7z", "rar", "tar", "tgz", "txz", "box", "ova", "ovf",
    "qcow2", "qcow", "qed", "vmdk", "vdi", "vhd", "vhdx", "dmg", "pvm", "macvm",
  ]

  /// The format in a message.
  var noun: String {
    switch self {
    case .image: "a single Parallels image, not compressed"
    case .raw(true): "a raw disk in gzip"
    case .raw(false): "a raw disk"
    }
  }

  /// The ending of a name that promises another format; nil if it does not.
  func misleadingEnding(of path: String) -> String? {
    var name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    var ending = ""
    if case .raw(true) = self, name.hasSuffix(".gz") {
      name.removeLast(3)
      ending = ".gz"
    }
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let last = String(name[name.index(after: dot)...])
    guard (Self.foreignEndings + otherEndings).contains(last) else { return nil }
    return ".\(last)\(ending)"
  }

  private var otherEndings: [String] {
    switch self {
    case .image: ["gz", "raw"]
    case .raw: ["hds", "hdd"]
    }
  }
}
