/// What a conversion does if an image breaks a rule.
public enum Reading: Equatable, Sendable {
  /// The disk is read without a report.
  case silent
  /// The disk is read, with a warning.
  case warned
  /// The image is refused.
  case refused
  /// The image is refused unless the user consents, in which case the remedy is applied.
  case refusedUnless(Consent, Remedy)

  /// What the user must consent to for a conversion to go on.
  public enum Consent: Sendable {
    /// Reading an image that was not closed; consenting to salvage includes it.
    case dirty
    /// Salvaging what is left.
    case salvage
  }

  /// What is done, with consent, instead of refusing the image.
  public enum Remedy: Sendable {
    /// The disk is read as it is.
    case asItIs
    /// The disk is read as if the rule did not exist.
    case readAnyway
    /// The whole cluster is read as zeros.
    case zerosInstead
    /// Missing bytes are read as zeros.
    case zerosForTheRest
    /// The bytes are read where the entry points to, even though another entry also claims them.
    case asItSays
  }

  /// What is done if the user consents; nil if consent makes no difference.
  public var remedy: Remedy? {
    guard case .refusedUnless(_, let remedy) = self else { return nil }
    return remedy
  }
}

extension Reading.Remedy {
  /// Whether bytes of the disk are lost or may belong to another cluster.
  public var isLoss: Bool {
    switch self {
    case .asItIs, .readAnyway: false
    case .zerosInstead, .zerosForTheRest, .asItSays: true
    }
  }

  /// The suffix for the problem's description in messages; nil for none.
  public var note: String? {
    switch self {
    case .asItIs: nil
    case .readAnyway: "read anyway"
    case .zerosInstead: "read as zeros"
    case .zerosForTheRest: "rest read as zeros"
    case .asItSays: "read anyway"
    }
  }
}
