/// What is wrong with the format extension.
///
/// Guest data does not depend on it, so none of it keeps a disk from being read.
public enum ExtensionProblem: Equatable, Sendable {
  /// `ext_off` does not point to a cluster of the data area, for the reason given.
  case misplaced(sectors: UInt64, reason: String)
  /// The file ends before the extension's cluster does.
  case cutByEnd(fileByteCount: UInt64)
  /// The cluster does not begin with the extension's magic.
  case wrongMagic(UInt64)
  /// The MD5 of the cluster is not the one that it carries.
  case wrongChecksum
  /// A feature section, at this offset in the cluster, reaches past the end of the cluster.
  case featureTooLong(offset: Int)
  /// A feature section whose magic nobody has explained.
  case unknownFeature(magic: UInt64)
}

extension ExtensionProblem: CustomStringConvertible {
  /// The broken rule in words, without the name of the file.
  public var description: String {
    switch self {
    case .misplaced(let sectors, let reason): "format extension at sector \(sectors): \(reason)"
    case .cutByEnd(let fileByteCount): "the file ends inside the format extension (\(fileByteCount) bytes)"
    case .wrongMagic(let magic): "the format extension begins with 0x\(String(magic, radix: 16)), not its magic"
    case .wrongChecksum: "the format extension is damaged: its MD5 is wrong"
    case .featureTooLong(let offset): "the format extension is damaged: the section at byte \(offset) has no end"
    case .unknownFeature(let magic): "the format extension has an unknown feature (0x\(String(magic, radix: 16)))"
    }
  }
}
