/// State for one thread at a time: the one whose turn it is, or the one that owns the slot.
///
/// The pipeline calls `take` and `place` in turn. State that only they use needs no lock, but the compiler can't see
/// that.
final class InTurn<State>: @unchecked Sendable {
  // SAFETY: a turn is passed on through a semaphore, which orders the two threads' accesses.
  var state: State

  init(_ state: State) { self.state = state }
}

/// Separate state for each thread of a pipeline, accessed through its slot.
struct PerThread<State>: Sendable {
  private let states: [InTurn<State>]

  init(count: Int, _ make: () throws(ConversionError) -> State) throws(ConversionError) {
    var states: [InTurn<State>] = []
    for _ in 0..<count { states.append(InTurn(try make())) }
    self.states = states
  }

  init(count: Int, _ make: () -> State) { states = (0..<count).map { _ in InTurn(make()) } }

  init(count: Int, repeating state: State) { self.init(count: count) { state } }

  /// The state of the thread that owns `slot`.
  subscript(slot: Slot) -> State {
    get { states[slot.thread].state }
    nonmutating _modify { yield &states[slot.thread].state }
  }
}
