/// A format that is neither a Parallels image nor a raw disk, as its first or last bytes show.
///
/// Taken as raw bytes, such a file would give a disk that no guest can use. An ISO 9660 file system or a LUKS volume is
/// what a raw disk may well contain, so they are not among these.
public enum ForeignFormat: String, Sendable, CaseIterable {
  /// QEMU's image format, in any version.
  case qcow2
  /// VMware's image format, or its descriptor.
  case vmdk
  /// VirtualBox's image format.
  case vdi
  /// Hyper-V's image format.
  case vhdx
  /// Virtual PC's image format, fixed or dynamic.
  case vhd
  /// An older image format of QEMU.
  case qed
  /// Apple's disk image.
  case dmg
  /// Compressed with xz.
  case xz
  /// Compressed with zstd.
  case zstd
  /// Compressed with bzip2.
  case bzip2
  /// Compressed with lz4.
  case lz4
  /// Compressed with lzip.
  case lzip
  /// A zip archive.
  case zip
  /// A 7z archive.
  case sevenZip = "7z"
  /// A tar archive, also one in gzip.
  case tar
  /// An HTML page, such as a web server's error.
  case html
  /// A Parallels bundle, or its descriptor.
  case descriptor

  /// Bytes from the start that `init(start:)` looks at.
  static let startByteCount = 512
  /// Bytes from the end that `init(end:)` looks at.
  static let endByteCount = 512

  /// The format that the first bytes of a file show; nil if they may be those of a raw disk.
  package init?(start: [UInt8]) {
    let match = Self.starts.first { start.has($0.bytes, at: $0.offset) }
    guard let format = match?.format ?? Self(text: start) else { return nil }
    self = format
  }

  /// The format that the last 512 bytes of a file show.
  package init?(end: [UInt8]) {
    // With the version that follows, so that a word in the last sector of a disk is not mistaken for it.
    if end.has(Array("conectix".utf8), at: 0), end.has([0, 1, 0, 0], at: 12) {
      self = .vhd
    } else if end.has(Array("koly".utf8) + [0, 0, 0, 4, 0, 0, 2, 0], at: 0) {
      self = .dmg
    } else {
      return nil
    }
  }

  /// No disk begins with `<`: an error page of a web server, or the descriptor of a bundle.
  private init?(text bytes: [UInt8]) {
    // Almost no disk comes this far: text is slow, and this is read of every input. The last three begin a mark of order.
    let first = bytes.first { ![0, 0x09, 0x0A, 0x0D, 0x20].contains($0) }
    guard let first, [UInt8(ascii: "<"), UInt8(ascii: "#"), 0xEF, 0xFE, 0xFF].contains(first) else { return nil }
    let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self).lowercased()
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{FFFD}" }
    if start.contains("<parallels_disk_image") {
      self = .descriptor
    } else if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") {
      self = .html
    } else if start.hasPrefix("# disk descriptorfile") {
      self = .vmdk
    } else {
      return nil
    }
  }

  private static let starts: [(format: Self, bytes: [UInt8], offset: Int)] = [
    (.qcow2, [0x51, 0x46, 0x49, 0xFB], 0),
    (.vmdk, Array("KDMV".utf8), 0),
    (.vmdk, Array("COWD".utf8), 0),
    (.vdi, [0x7F, 0x10, 0xDA, 0xBE], 0x40),
    (.vhdx, Array("vhdxfile".utf8), 0),
    (.vhd, Array("conectix".utf8), 0),
    (.qed, Array("QED".utf8) + [0], 0),
    (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], 0),
    (.zstd, [0x28, 0xB5, 0x2F, 0xFD], 0),
    (.bzip2, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], 4),
    (.lz4, [0x04, 0x22, 0x4D, 0x18], 0),
    (.lzip, Array("LZIP".utf8) + [1], 0),
    (.zip, Array("PK".utf8) + [3, 4], 0),
    (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 0),
    (.tar, Array("ustar".utf8), 257),
  ]
}

extension ForeignFormat {
  /// What the file is, as in "is a qcow2 image".
  var noun: String {
    switch self {
    case .qcow2, .qed: "a \(self == .qed ? "QED" : rawValue) image"
    case .vmdk, .vdi, .vhdx, .vhd, .dmg: "a \(rawValue.uppercased()) image"
    case .xz, .zstd, .bzip2, .lz4, .lzip: "compressed with \(rawValue)"
    case .zip, .sevenZip, .tar: "a \(rawValue) archive"
    case .html: "an HTML page"
    case .descriptor: "the descriptor of a Parallels bundle"
    }
  }
}

extension [UInt8] {
  fileprivate func has(_ bytes: [UInt8], at offset: Int) -> Bool { dropFirst(offset).starts(with: bytes) }
}
