/// What is wrong with the format extension.
///
/// Guest data does not depend on the extension, so none of these problems prevents reading the disk.
public enum ExtensionProblem: Error, Equatable, Sendable {
  /// `ext_off` does not point to a cluster of the data area, for the reason given.
  case misplaced(sectors: UInt64, reason: String)
  /// The file ends before the extension's cluster does.
  case cutByEnd(fileByteCount: UInt64)
  /// The cluster does not begin with the extension's magic.
  case wrongMagic(UInt64)
  /// The MD5 of the cluster differs from the stored one.
  case wrongChecksum
  /// The feature section at this offset in the cluster reaches past its end, or past the bytes that are kept of it.
  case sectionTooLong(offset: Int)
  /// The section that ends the list, at this offset in the cluster, is not all zeros.
  case wrongEnd(offset: Int)
  /// The sections to write do not fit the cluster; sizes are in bytes.
  case tooLong(byteCount: UInt64, clusterByteCount: UInt64)
  /// A feature section has an unknown magic.
  case unknownFeature(magic: UInt64, flags: FeatureSection.Flags)
  /// A feature section has unknown flags.
  case unknownFlags(magic: UInt64, flags: FeatureSection.Flags)
  /// An unknown feature section forbids changes of the image by software that does not know it.
  case necessaryFeature(magic: UInt64)
  /// The dirty bitmap at this index among the bitmaps is damaged.
  case bitmap(index: Int, BitmapProblem)
}

extension ExtensionProblem: RuleViolation {
  /// The broken rule, and a description without the file name.
  public var violation: (rule: Rule, text: String) {
    switch self {
    case .misplaced(let sectors, let reason): (.extensionPlace, "format extension at sector \(sectors): \(reason)")
    case .cutByEnd(let fileByteCount):
      (.extensionCut, "the file (\(counted(fileByteCount, "byte"))) ends inside the format extension")
    case .wrongMagic(let magic):
      (.extensionMagic, "the format extension begins with 0x\(String(magic, radix: 16)), not with its magic")
    case .wrongChecksum: (.extensionChecksum, "the format extension is damaged: its MD5 does not match")
    case .sectionTooLong(let offset):
      (.extensionSection, "the format extension is damaged: the section at byte \(offset) is too long")
    case .wrongEnd(let offset):
      (.extensionEnd, "the format extension is damaged: the end marker at byte \(offset) is not all zeros")
    case .tooLong(let byteCount, let clusterByteCount):
      (.extensionSection, "the format extension needs \(byteCount) bytes, but a cluster has \(clusterByteCount)")
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
