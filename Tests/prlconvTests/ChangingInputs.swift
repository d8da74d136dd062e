import TestSupport
import Testing

/// Inputs that somebody writes to while they are read.
@Suite struct ChangingInputs {
  let folder = TemporaryFolder()

  /// A conversion that has read `in` a first time, and waits for the reader of its output.
  private func conversionToAFullPipe() throws -> RunningCommand {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "in")
    return try start(.raw2prl, until: "two passes")
  }

  /// A conversion of `in` that waits for the reader of its output, when it has said `words`.
  private func start(_ direction: Direction, until words: String) throws -> RunningCommand {
    let tool = #""$PRLCONV" \#(direction.rawValue) -v in"#
    let command = try Shell.start("mkfifo full; exec 3<> full; exec \(tool) > full", in: folder)
    try #require(command.waits { $0.standardErrorSoFar.contains(words) })
    return command
  }

  @Test func anImageOfTwoStatesIsWarnedOf() throws {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "disk")
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk", to: "in"))
    let command = try start(.prl2raw, until: "disk order")
    try Shell.prepare("touch -d '2001-01-01' in", in: folder)
    let reader = try Shell.start("cat full > out", in: folder)
    let outcome = command.wait()
    _ = reader.wait()
    #expect(outcome.isSuccess && outcome.standardError.contains("'in': was written to"), "\(outcome)")
  }

  @Test(arguments: ["touch -d '2001-01-01' in", "printf x >> in", "truncate -s 5M in", "printf x 1<> in"])
  func aStreamOfTwoStatesIsAnError(change: String) throws {
    let command = try conversionToAFullPipe()
    try Shell.prepare(change, in: folder)
    let reader = try Shell.start("cat full > out", in: folder)
    let outcome = command.wait()
    _ = reader.wait()
    expectError(outcome, saying: ["'in'"])
  }

  @Test func aStreamOfOneStateIsNone() throws {
    let command = try conversionToAFullPipe()
    let reader = try Shell.start("cat full > out", in: folder)
    #expect(command.wait().ending == .status(0))
    #expect(reader.wait().ending == .status(0))
    expectSilentSuccess(try folder.convert(.raw2prl, from: "in", to: "expected"))
    #expect(try folder.difference("expected", "out") == nil)
  }
}
