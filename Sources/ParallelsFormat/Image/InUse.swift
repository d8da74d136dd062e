/// `in_use`: which kind of software last had the image open, and whether it closed the image.
public struct InUse: RawRepresentable, Equatable, Sendable {
  /// The value of the field `in_use`.
  public var rawValue: UInt32

  /// Accepts any value; the specification allows three, but others occur ("pd17", "pd22", …).
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// "Ynot": open for writing, or left open by a writer that died.
  public static let open = InUse(rawValue: 0x746F_6E59)
  /// "v2.1": closed by software that knows the format extension.
  public static let closed = InUse(rawValue: 0x312E_3276)
  /// Closed by software that does not know the format extension.
  public static let unset = InUse(rawValue: 0)

  /// A word for machine-readable output; `other` also stands for a closed image.
  public var word: String {
    switch self {
    case .open: "open"
    case .closed: "closed"
    case .unset: "unset"
    default: "other"
    }
  }
}
