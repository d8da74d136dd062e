import TestSupport
import Testing

/// Inputs that somebody writes to while they are read.
@Suite struct ChangingInputs {
  let folder = TemporaryFolder()

  /// A conversion that has read `in` a first time, and waits for the reader of its output.
  private func conversionToAFullPipe() throws -> RunningCommand {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "in")
    let command = try Shell.start(#"mkfifo full; exec 3<> full; exec "$PRLCONV" raw2prl -v in > full"#, in: folder)
    try #require(command.waits { $0.standardErrorSoFar.contains("two passes") })
    return command
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
