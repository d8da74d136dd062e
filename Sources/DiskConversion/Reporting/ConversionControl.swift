import StreamIO

/// A handle on a running conversion: shows its progress, receives its messages and cancels it.
///
/// All members may be used from any thread.
public final class ConversionControl: Sendable {
  /// A message from a running conversion.
  public enum Event: Equatable, Sendable {
    /// The plan that was chosen, with its reason.
    case plan(String)
    /// Something about `path` is wrong but does not harm the copy.
    case warning(path: String, String)
    /// Part of the disk is lost, and the conversion goes on without it, as ``ReadingPolicy/salvages`` permits.
    case loss(path: String, String)
    /// The work ended early, so the existing output at `path` is now part old, part new.
    case mixedOutput(path: String)
  }

  /// The progress of the conversion.
  public let progress = ConversionProgress()
  let events: Events
  let cancellation: Cancellation
  private let output = Locked(CurrentOutput(), label: "prlconv.output")

  /// The output of a running conversion, for a process that has to exit at once.
  private struct CurrentOutput {
    weak var unfinished: (any UnfinishedOutput)?
    /// Whether the process is about to exit, so that no output must be left from now on.
    var isClosed = false
    /// Path of an existing output that is now part old, part new.
    var mixedPath: String?
  }

  /// Creates a handle for one conversion; `report` is called from any thread.
  ///
  /// - Throws: `file` if the process has run out of file descriptors.
  public init(report: @escaping @Sendable (Event) -> Void = { _ in }) throws(ConversionError) {
    events = Events(report: report)
    cancellation = try Cancellation()
  }

  /// Stops the conversion soon: it throws `cancelled`, and a new output file is removed.
  public func cancel() { cancellation.cancel() }

  /// Removes the unfinished output, or reports that it is part old, part new; for a process about to exit without
  /// waiting.
  public func discardOutput() {
    let unfinished = output.with {
      $0.isClosed = true
      return $0.unfinished
    }
    unfinished?.discard()
    reportMixedOutput()
  }

  /// Makes `unfinished` the output to clean up.
  func own(_ unfinished: any UnfinishedOutput) {
    let isClosed = output.with {
      $0.unfinished = unfinished
      return $0.isClosed
    }
    if isClosed { unfinished.discard() }
  }

  /// Marks the existing output at `path` as part old, part new; nil means that it is complete again.
  func mix(_ path: String?) { output.with { $0.mixedPath = path } }

  /// Reports, once, that the output is part old, part new.
  func reportMixedOutput() {
    if let path = output.with({ $0.mixedPath.take() }) { events.report(.mixedOutput(path: path)) }
  }
}

extension ConversionControl? {
  /// The handle, or a new one for an operation without one.
  func orNew() throws(ConversionError) -> ConversionControl {
    guard let self else { return try ConversionControl() }
    return self
  }
}
