import Dispatch

/// State that any thread may access, one at a time.
///
/// Uses a serial queue instead of `Synchronization.Mutex`, which Thread Sanitizer does not see on Linux.
package final class Locked<State>: @unchecked Sendable {
  // SAFETY: `state` is accessed only on `queue`.
  private var state: State
  private let queue: DispatchQueue

  /// Guards `state`; `label` names the queue for debuggers.
  package init(_ state: State, label: String) {
    self.state = state
    queue = DispatchQueue(label: label)
  }

  /// Runs `body` with exclusive access to the state.
  package func with<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try queue.sync { try body(&state) }
  }
}
