import ParallelsFormat

/// What to do if an image breaks a rule.
///
/// By default, an image with missing or ambiguous bytes is refused, so that data is never invented.
public struct ReadingPolicy: Equatable, Sendable {
  /// Whether to read an image that was not closed.
  public var allowsDirty: Bool
  /// Whether to read what is left of a damaged image, with zeros for lost bytes.
  public var salvages: Bool
  /// Whether to read an image by itself that is a snapshot, or part of a split disk.
  public var readsAlone: Bool
  /// Whether to open files outside a bundle that its descriptor names, as linked clones do.
  public var allowsExternal: Bool
  /// The state of a bundle to read: a snapshot's GUID, or at least 8 characters from its beginning; nil for the current
  /// state.
  public var snapshot: String?

  /// Creates a policy, by default without any permission, for the current state.
  public init(
    allowsDirty: Bool = false, salvages: Bool = false, readsAlone: Bool = false, allowsExternal: Bool = false,
    snapshot: String? = nil
  ) {
    self.allowsExternal = allowsExternal
    self.snapshot = snapshot
    self.allowsDirty = allowsDirty
    self.salvages = salvages
    self.readsAlone = readsAlone
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

  /// Reports a problem of an image that is read anyway.
  fileprivate func report(_ text: String, of rule: Rule, path: String, events: Events) {
    guard rule.reading != .silent else { return }
    let remedy = rule.reading.remedy
    let message = text + (remedy?.note.map { ": \($0)" } ?? "")
    events.report(remedy?.isLoss == true ? .loss(path: path, message) : .warning(path: path, message))
  }
}

/// Refuses an image because of a BAT entry, or reports losses, combining entries with the same problem into runs.
struct EntryJudge {
  let policy: ReadingPolicy
  let path: String
  let events: Events
  var run: EntryRun?

  /// Takes the next problem, combining it with the previous one if their entries are consecutive.
  mutating func judge(_ problem: EntryProblem) throws(ConversionError) {
    guard policy.accepts(problem.rule) else { throw ConversionError(path, .entry(problem)) }
    guard run?.extend(with: problem) != true else { return }
    finish()
    run = EntryRun(problem)
  }

  /// Warns of a problem that no byte of the disk comes from, since images above hide the cluster.
  func reportHidden(_ problem: EntryProblem) {
    events.report(.warning(path: path, problem.description + ": hidden by a later snapshot"))
  }

  /// Reports the pending run.
  mutating func finish() {
    guard let run else { return }
    policy.report(run.description, of: run.first.rule, path: path, events: events)
    self.run = nil
  }
}
