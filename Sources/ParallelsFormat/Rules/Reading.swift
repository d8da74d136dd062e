/// What a conversion of the disk does when a rule is broken.
public enum Reading: Equatable, Sendable {
  /// The disk is read, and nothing is reported.
  case silent
  /// The disk is read, with a warning.
  case warned
  /// The image is refused.
  case refused
  /// The image is refused, unless the user consents: then the remedy is applied.
  case refusedUnless(Consent, Remedy)

  /// What the user has to consent to before a conversion goes on.
  public enum Consent: Sendable {
    /// Reading an image that was not closed; consent to salvage includes it.
    case dirty
    /// Salvaging what is there.
    case salvage
  }

  /// What is done instead of refusing the image.
  public enum Remedy: Sendable {
    /// The disk is read as it is.
    case asItIs
    /// The disk is read as if the rule did not exist.
    case allTheSame
    /// The whole cluster is read as zeros.
    case zerosInstead
    /// What is missing is read as zeros.
    case zerosForTheRest
    /// The bytes are read where the entry points to, though another entry claims them, too.
    case asItSays
  }

  /// What is done when the user consents, or nil where nothing depends on that.
  public var remedy: Remedy? {
    guard case .refusedUnless(_, let remedy) = self else { return nil }
    return remedy
  }
}

extension Reading.Remedy {
  /// Whether bytes of the disk are lost, or may be those of another cluster.
  public var isLoss: Bool {
    switch self {
    case .asItIs, .allTheSame: false
    case .zerosInstead, .zerosForTheRest, .asItSays: true
    }
  }

  /// What follows the description of the problem in a message; nil for nothing.
  public var note: String? {
    switch self {
    case .asItIs: nil
    case .allTheSame: "read all the same"
    case .zerosInstead: "zeros instead"
    case .zerosForTheRest: "zeros for the rest"
    case .asItSays: "read as it says"
    }
  }
}
