/// State that one thread at a time may touch: the one that has the turn, or the one that carries the slot.
///
/// The pipeline calls `take` and `place` in turn. What only they touch needs no lock, but the compiler cannot see that.
final class InTurn<State>: @unchecked Sendable {
  // SAFETY: a turn is handed on through a semaphore, which orders what the two threads do.
  var state: State

  init(_ state: State) { self.state = state }
}

/// State that each thread of a pipeline has for itself, found by its slot.
struct PerThread<State>: Sendable {
  private let states: [InTurn<State>]

  init(count: Int, _ make: () throws(ConversionError) -> State) throws(ConversionError) {
    var states: [InTurn<State>] = []
    for _ in 0..<count { states.append(InTurn(try make())) }
    self.states = states
  }

  init(count: Int, _ make: () -> State) { states = (0..<count).map { _ in InTurn(make()) } }

  init(count: Int, repeating state: State) { self.init(count: count) { state } }

  /// The state of the thread that carries `slot`.
  subscript(slot: Slot) -> State {
    get { states[slot.thread].state }
    nonmutating _modify { yield &states[slot.thread].state }
  }
}
