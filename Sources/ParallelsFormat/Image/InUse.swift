/// `in_use`: which software had the image open last, and whether it was closed.
public struct InUse: RawRepresentable, Equatable, Sendable {
  /// The field as it stands in the header.
  public var rawValue: UInt32

  /// Any value; the specification allows three, practice knows more ("pd17", "pd22", …).
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// "Ynot": open for writing, or not closed by a writer that died.
  public static let open = InUse(rawValue: 0x746F_6E59)
  /// "v2.1": closed by software that knows the format extension.
  public static let closed = InUse(rawValue: 0x312E_3276)
  /// Closed by software that does not know the format extension.
  public static let unset = InUse(rawValue: 0)

  /// What the value says, as a word for programs; any other value stands for a closed image, too.
  public var word: String {
    switch self {
    case .open: "open"
    case .closed: "closed"
    case .unset: "unset"
    default: "other"
    }
  }
}
