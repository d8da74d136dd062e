import Dispatch

/// State that any thread may touch, one at a time.
///
/// A serial queue and not `Synchronization.Mutex`, which Thread Sanitizer does not see on Linux.
package final class Locked<State>: @unchecked Sendable {
  // SAFETY: `state` is touched on `queue` only.
  private var state: State
  private let queue: DispatchQueue

  /// Guards `state`; `label` names the queue for debuggers.
  package init(_ state: State, label: String) {
    self.state = state
    queue = DispatchQueue(label: label)
  }

  /// Runs `body` while no other thread has the state.
  package func with<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    try queue.sync { try body(&state) }
  }
}
