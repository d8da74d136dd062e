/// What is wrong with the format extension.
///
/// Guest data does not depend on it, so none of it keeps a disk from being read.
public enum ExtensionProblem: Error, Equatable, Sendable {
  /// `ext_off` does not point to a cluster of the data area, for the reason given.
  case misplaced(sectors: UInt64, reason: String)
  /// The file ends before the extension's cluster does.
  case cutByEnd(fileByteCount: UInt64)
  /// The cluster does not begin with the extension's magic.
  case wrongMagic(UInt64)
  /// The MD5 of the cluster is not the one that it carries.
  case wrongChecksum
  /// A feature section, at this offset in the cluster, reaches past the end of the cluster.
  case sectionTooLong(offset: Int)
  /// The section that ends the list, at this offset in the cluster, has other fields than zeros.
  case wrongEnd(offset: Int)
  /// The sections to be written do not fit the cluster; sizes are bytes.
  case tooLong(byteCount: UInt64, clusterByteCount: UInt64)
  /// A feature section whose magic nobody has explained.
  case unknownFeature(magic: UInt64, flags: FeatureSection.Flags)
  /// A feature section has flags that nobody has explained.
  case unknownFlags(magic: UInt64, flags: FeatureSection.Flags)
  /// An unknown feature section that forbids software which does not know it to change the image.
  case necessaryFeature(magic: UInt64)
  /// A dirty bitmap, the one at this place among the bitmaps, is damaged.
  case bitmap(index: Int, BitmapProblem)
}

extension ExtensionProblem: RuleViolation {
  /// The broken rule, and what breaks it in words, without the name of the file.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .misplaced(let sectors, let reason): (.extensionPlace, "format extension at sector \(sectors): \(reason)")
    case .cutByEnd(let fileByteCount):
      (.extensionCut, "the file ends inside the format extension (\(fileByteCount) bytes)")
    case .wrongMagic(let magic):
      (.extensionMagic, "the format extension begins with 0x\(String(magic, radix: 16)), not its magic")
    case .wrongChecksum: (.extensionChecksum, "the format extension is damaged: its MD5 is wrong")
    case .sectionTooLong(let offset):
      (.extensionSection, "the format extension is damaged: the section at byte \(offset) has no end")
    case .wrongEnd(let offset):
      (.extensionEnd, "the format extension is damaged: the end of its sections, at byte \(offset), is not zeros")
    case .tooLong(let byteCount, let clusterByteCount):
      (.extensionSection, "the format extension needs \(byteCount) bytes, a cluster has \(clusterByteCount)")
    case .unknownFeature(let magic, let flags):
      (
        .extensionFeature,
        "the format extension has an unknown feature (0x\(String(magic, radix: 16)))"
          + (flags.contains(.necessary) ? " that forbids changes" : "")
      )
    case .unknownFlags(let magic, let flags):
      (
        .extensionFlags,
        "the format extension's feature 0x\(String(magic, radix: 16)) has unknown flags (0x\(String(flags.rawValue, radix: 16)))"
      )
    case .necessaryFeature(let magic): Self.unknownFeature(magic: magic, flags: .necessary).violation
    case .bitmap(let index, let problem): (problem.rule, "dirty bitmap \(index): \(problem.description)")
    }
  }
}
