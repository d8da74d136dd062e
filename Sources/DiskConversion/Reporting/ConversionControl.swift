/// The handle on a conversion that runs: its progress, its messages, and the way to stop it.
///
/// You may use all of it from any thread.
public final class ConversionControl: Sendable {
  /// A message while the conversion goes on.
  public enum Event: Equatable, Sendable {
    /// Which plan was taken, and why.
    case plan(String)
    /// Something about `path` is not right, but does no harm to the copy.
    case warning(path: String, String)
    /// Something of the disk is lost: `--salvage` goes on without it.
    case loss(path: String, String)
    /// The work ended early, and the output at `path`, which was there before, is part old, part new now.
    case mixedOutput(path: String)
  }

  /// How far the conversion is.
  public let progress = ConversionProgress()
  let events: Events
  let cancellation: Cancellation
  private let output = Locked(UnfinishedOutput(), label: "prlconv.output")

  /// The output of a conversion that is under way, for a process that has to end at once.
  private struct UnfinishedOutput {
    weak var file: OutputFile?
    /// Where an output is that was there before, and is part old, part new now.
    var mixedPath: String?
  }

  /// A handle for one conversion; `report` is called from any thread.
  ///
  /// - Throws: `file` when the process has no file descriptors left.
  public init(report: @escaping @Sendable (Event) -> Void = { _ in }) throws(ConversionError) {
    events = Events(report: report)
    cancellation = try Cancellation()
  }

  /// Stops the conversion soon: it throws `cancelled` and leaves no output.
  public func cancel() { cancellation.cancel() }

  /// Removes the unfinished output, or reports that it is part old, part new, for a process that is about to end
  /// without waiting for the conversion.
  public func discardOutput() {
    output.with { $0.file?.discard() }
    reportMixedOutput()
  }

  /// From now on `file` is what there is to tidy up.
  func own(_ file: OutputFile) { output.with { $0.file = file } }

  /// From now on the output at `path`, which was there before, is part old, part new; with nil it is whole again.
  func mix(_ path: String?) { output.with { $0.mixedPath = path } }

  /// Reports an output that is part old, part new; once.
  func reportMixedOutput() {
    if let path = output.with({ $0.mixedPath.take() }) { events.report(.mixedOutput(path: path)) }
  }
}
