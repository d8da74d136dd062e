/// Decodes sections on other threads, as far as there are any.
final class SectionCrew: Sendable {
  private struct State {
    /// Sections that no thread has begun to decode, in order.
    var waiting: [Section] = []
    var helperCount = 0
  }

  private let helperLimit: Int
  private let state = Locked(State(), label: "prlconv.gzip.sections")
  /// What must be left of a limit on address space for a helper.
  private static let spareByteCount = 64 << 20

  init(helperLimit: Int) { self.helperLimit = helperLimit }

  func add(_ section: Section) {
    let needsHelper = state.with {
      $0.waiting.append(section)
      guard $0.helperCount < helperLimit else { return false }
      $0.helperCount += 1
      return true
    }
    guard needsHelper else { return }
    // While the system has no thread to give, Dispatch would retry within `async`, and this thread with it.
    let isStarted =
      hasSpareAddressSpace(Self.spareByteCount)
      && startThread { [self] in
        while let section = nextForHelper() { section.decodeForOther() }
      }
    if !isStarted { state.with { $0.helperCount -= 1 } }
  }

  /// Returns once `section` is decoded; this thread decodes it if no other has begun to.
  func finish(_ section: Section) {
    if withdraw(section) { return section.decode() }
    // While another thread decodes it, this one need not wait.
    while !section.collectIfDecoded() {
      guard let other = next() else { return section.collect() }
      other.decodeForOther()
    }
  }

  /// Returns when no thread decodes `section`, whether it was decoded or not.
  func cancel(_ section: Section) {
    if !withdraw(section) { section.collect() }
  }

  private func next() -> Section? { state.with { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() } }

  private func nextForHelper() -> Section? {
    state.with {
      guard $0.waiting.isEmpty else { return $0.waiting.removeFirst() }
      $0.helperCount -= 1
      return nil
    }
  }

  /// Takes `section` from those that wait; returns false if it does not.
  private func withdraw(_ section: Section) -> Bool {
    state.with {
      guard let index = $0.waiting.firstIndex(where: { $0 === section }) else { return false }
      $0.waiting.remove(at: index)
      return true
    }
  }
}
