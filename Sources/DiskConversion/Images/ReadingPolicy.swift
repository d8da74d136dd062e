import ParallelsFormat

/// What is done about an image that breaks a rule.
///
/// By default data is never invented: an image whose bytes are missing or ambiguous is refused.
struct ReadingPolicy: Equatable, Sendable {
  /// Convert an image that was not closed.
  var allowsDirty = false
  /// Convert what is there, and put zeros for what is not.
  var salvages = false

  /// Refuses the image, or says what is wrong with it and goes on.
  func judge(_ problem: HeaderProblem, of path: String, control: ConversionControl) throws(ConversionError) {
    switch problem {
    case .conversionUnderWay:
      throw ConversionError(path, .header(problem))
    case .notClosed:
      guard allowsDirty || salvages else { throw ConversionError(path, .header(problem)) }
      control.tell(.warning(path: path, problem.description))
    case .tableTooShort:
      guard salvages else { throw ConversionError(path, .header(problem)) }
      control.tell(.loss(path: path, "\(problem.description): zeros for the rest"))
    case .emptyFlagWithData:
      guard salvages else { throw ConversionError(path, .header(problem)) }
      control.tell(.warning(path: path, "\(problem.description): read all the same"))
    case .wrongDataOffset:
      control.tell(.warning(path: path, problem.description))
    }
  }
}

/// Refuses an image for a BAT entry, or says what is lost, a run of entries with the same problem in one line.
struct EntryJudge {
  private let policy: ReadingPolicy
  private let path: String
  private let control: ConversionControl
  private var first: EntryProblem?
  private var last: EntryProblem?

  init(policy: ReadingPolicy, path: String, control: ConversionControl) {
    self.policy = policy
    self.path = path
    self.control = control
  }

  /// Takes the next problem; those of entries in a row are told in one line when they come in a row.
  mutating func judge(_ problem: EntryProblem) throws(ConversionError) {
    guard policy.salvages else { throw ConversionError(path, .entry(problem)) }
    guard let last, problem.index == last.index + 1, problem.kind == last.kind else {
      finish()
      (first, last) = (problem, problem)
      return
    }
    self.last = problem
  }

  /// Says what has not been said yet.
  mutating func finish() {
    guard let first, let last else { return }
    let others = first.index == last.index ? "" : ", and so on up to entry \(last.index)"
    control.tell(.loss(path: path, "\(first.description)\(others): \(first.kind.remedy)"))
    self.first = nil
    self.last = nil
  }
}

extension EntryProblem.Kind {
  /// What salvage makes of it.
  fileprivate var remedy: String {
    switch self {
    case .reserved, .insideTable, .pastEnd: "zeros instead"
    case .cutByEnd: "zeros for the rest"
    case .duplicate, .overlap: "read as it says"
    }
  }
}
