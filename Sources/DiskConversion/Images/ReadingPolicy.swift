import ParallelsFormat

/// What is done about an image that breaks a rule.
///
/// By default data is never invented: an image whose bytes are missing or ambiguous is refused.
public struct ReadingPolicy: Equatable, Sendable {
  /// Read an image that was not closed.
  public var allowsDirty: Bool
  /// Read what is there of a damaged image, with zeros for what is lost.
  public var salvages: Bool

  /// A policy; neither by default.
  public init(allowsDirty: Bool = false, salvages: Bool = false) {
    self.allowsDirty = allowsDirty
    self.salvages = salvages
  }

  /// Refuses the image with `cause`, or reports the problem and what is done about it.
  func judge(
    _ problem: some RuleViolation, as cause: ConversionError.Cause, of path: String, events: Events
  ) throws(ConversionError) {
    guard accepts(problem.rule) else { throw ConversionError(path, cause) }
    report(problem.description, of: problem.rule, path: path, events: events)
  }

  /// Whether an image that breaks `rule` is read.
  fileprivate func accepts(_ rule: Rule) -> Bool {
    switch rule.reading {
    case .silent, .warned: true
    case .refused: false
    case .refusedUnless(.dirty, _): allowsDirty || salvages
    case .refusedUnless(.salvage, _): salvages
    }
  }

  /// Reports a problem of an image that is read in spite of it.
  fileprivate func report(_ text: String, of rule: Rule, path: String, events: Events) {
    guard rule.reading != .silent else { return }
    let remedy = rule.reading.remedy
    let message = text + (remedy?.note.map { ": \($0)" } ?? "")
    events.report(remedy?.isLoss == true ? .loss(path: path, message) : .warning(path: path, message))
  }
}

/// Refuses an image for a BAT entry, or reports what is lost, a run of entries with the same problem in one line.
struct EntryJudge {
  let policy: ReadingPolicy
  let path: String
  let events: Events
  var run: EntryRun?

  /// Takes the next problem; those of entries in a row are reported in one line when they come in a row.
  mutating func judge(_ problem: EntryProblem) throws(ConversionError) {
    guard policy.accepts(problem.rule) else { throw ConversionError(path, .entry(problem)) }
    guard run?.extend(with: problem) != true else { return }
    finish()
    run = EntryRun(problem)
  }

  /// Reports what has not been reported yet.
  mutating func finish() {
    guard let run else { return }
    policy.report(run.description, of: run.first.rule, path: path, events: events)
    self.run = nil
  }
}
