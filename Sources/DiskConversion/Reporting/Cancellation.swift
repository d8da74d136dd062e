import StreamIO
import Synchronization

/// Ends a conversion early, because the user requests it or one of its threads failed.
final class Cancellation: Sendable {
  /// Ends waits for bytes from a pipe.
  let interrupt: Interrupt
  private let isCancelled = Atomic<Bool>(false)

  init() throws(ConversionError) { interrupt = try converting(Interrupt()) }

  /// Whether the work should end.
  var isEnding: Bool { interrupt.raised }

  /// Called when the user wants the conversion to end.
  func cancel() {
    isCancelled.store(true, ordering: .releasing)
    interrupt.raise()
  }

  /// - Throws: `cancelled` if the work should end.
  func check() throws(ConversionError) {
    guard !isEnding else { throw .cancelled }
  }

  /// Wakes the threads of a pipeline that has failed or whose sink has stopped.
  func endWaits() { interrupt.raise() }

  /// Undoes `endWaits` once all threads have finished, so that the same control serves the next step; `cancel`
  /// persists.
  func resume() {
    interrupt.reset()
    if isCancelled.load(ordering: .acquiring) { interrupt.raise() }
  }
}
