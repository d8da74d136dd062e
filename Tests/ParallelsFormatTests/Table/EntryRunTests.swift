import Testing

@testable import ParallelsFormat

@Suite("Entries in a row that break a rule in the same way")
struct EntryRunTests {
  @Test("One entry is reported as it is")
  func one() {
    let problem = problem(3, .reserved)
    #expect(EntryRun(problem).description == problem.description)
  }

  @Test("Of several, the first is described and the last is named")
  func several() {
    var run = EntryRun(problem(3, .reserved))
    #expect(run.extend(with: problem(4, .reserved)) && run.extend(with: problem(5, .reserved)))
    #expect(run.description == "\(problem(3, .reserved)), and so on up to entry 5")
  }

  @Test("A gap, or another problem, does not belong to the run")
  func others() {
    let start = EntryRun(problem(3, .duplicate(otherIndex: 1)))
    for other in [
      problem(3, .duplicate(otherIndex: 1)), problem(5, .duplicate(otherIndex: 1)), problem(4, .reserved),
      problem(4, .duplicate(otherIndex: 2)),
    ] {
      var run = start
      #expect(!run.extend(with: other) && run == start, "\(other)")
    }
  }

  private func problem(_ index: Int, _ kind: EntryProblem.Kind) -> EntryProblem {
    EntryProblem(index: index, entry: 7, byteOffset: 3584, kind: kind)
  }
}
