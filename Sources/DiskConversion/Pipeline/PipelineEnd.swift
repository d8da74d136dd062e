/// What ended a pipeline early: the first extent in order that failed or made the sink stop.
///
/// "Cancelled" gives way to any other cause, because threads also get it when another one ends the work.
struct PipelineEnd {
  private var first: (sequence: Int, error: ConversionError?)?

  /// The error to be thrown; nil when the sink stopped.
  var error: ConversionError? { first?.error }

  mutating func meet(_ error: ConversionError?, at sequence: Int) {
    if let first {
      let (old, new) = (first.error?.cause == .cancelled, error?.cause == .cancelled)
      guard old == new ? sequence < first.sequence : old else { return }
    }
    first = (sequence, error)
  }
}
