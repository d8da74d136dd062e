import StreamIO
import Synchronization

/// Ends a conversion before its time, because the user asked for it or because a thread of it failed.
final class Cancellation: Sendable {
  /// Ends waits for the bytes of a pipe.
  let interrupt: Interrupt
  private let isCancelled = Atomic<Bool>(false)

  init() throws(ConversionError) { interrupt = try converting(Interrupt()) }

  /// Whether no more work is wanted.
  var isEnding: Bool { interrupt.raised }

  /// The user wants the conversion to end.
  func cancel() {
    isCancelled.store(true, ordering: .releasing)
    interrupt.raise()
  }

  /// - Throws: `cancelled` when no more work is wanted.
  func check() throws(ConversionError) {
    guard !isEnding else { throw .cancelled }
  }

  /// Wakes the threads of a pipeline that has failed or has found what it was looking for.
  func endWaits() { interrupt.raise() }

  /// Undoes `endWaits` once no thread is left, so that the same control serves the next step; `cancel` stays.
  func resume() {
    interrupt.reset()
    if isCancelled.load(ordering: .acquiring) { interrupt.raise() }
  }
}
