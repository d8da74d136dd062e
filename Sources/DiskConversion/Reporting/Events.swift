import Synchronization

/// Passes on the messages of a running conversion.
final class Events: Sendable {
  private let report: @Sendable (ConversionControl.Event) -> Void
  private let losses = Atomic<Int>(0)

  init(report: @escaping @Sendable (ConversionControl.Event) -> Void) { self.report = report }

  /// The number of losses reported so far.
  var lossCount: Int { losses.load(ordering: .relaxed) }

  func report(_ event: ConversionControl.Event) {
    if case .loss = event { losses.wrappingAdd(1, ordering: .relaxed) }
    report(event)
  }

  /// Warns that the input at `path` was written to while it was read.
  func warnOfChange(of path: String) {
    report(.warning(path: path, "was changed while it was read: the copy may mix old and new data"))
  }
}
