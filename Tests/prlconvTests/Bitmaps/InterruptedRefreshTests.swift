import Foundation
import TestSupport
import Testing

@Suite("A refresh that stops half way says so, and can be run again")
struct InterruptedRefreshTests {
  static let advice =
    "prlconv: 'copy.img' may now be partly old and partly new: run the same command again to complete it"

  let folder = TemporaryFolder()
  let tracing = TemporaryFolder()

  /// A disk of 64 MiB, all of it marked.
  private func makeFiles() throws {
    let places: [Int?] = (0..<64).map { $0 }
    let blocks = DirtyBlocks(diskByteCount: 64 << 20, granularity: 64 << 10, allDirty: true)
    let disk = HandMadeImage.disk(clusterByteCount: 1 << 20, places: places)
    try folder.write(AgedCopy(HandMadeImage(clusterByteCount: 1 << 20, places: places), disk: disk, blocks: blocks))
    try Shell.prepare("cp old.img copy.img", in: folder)
  }

  /// Starts a refresh whose writes are tampered with; signals go to the refresh, for the tracer is not its parent.
  private func start(_ injection: String, options: [String] = []) throws -> RunningCommand {
    try RunningCommand(
      ["/bin/bash", "-c", #"exec strace -D -f -qq -o "$LOG" -P "$PWD/copy.img" -e trace=pwrite64 "$@""#, "bash"]
        + ["-e", "inject=pwrite64:\(injection)", BuiltTool.path, "prl2raw"] + options
        + ["--bitmap", HandMadeBitmap.name(), "image.hds", "copy.img"],
      in: folder, environment: ["LOG": tracing("log")])
  }

  private func isPartNew() throws -> Bool {
    try folder.difference("copy.img", "old.img") != nil && folder.difference("copy.img", "expected.img") != nil
  }

  private func expectCompletion() throws {
    #expect(try isPartNew())
    expectSilentSuccess(try folder.refresh())
    try folder.expectRefreshed()
  }

  @Test(
    "A signal is reported with what it leaves behind", .enabled(if: Tools.strace, "needs strace"),
    arguments: Exhaustive.cases([SIGINT, SIGTERM, SIGHUP], brief: 1),
    [[], ["-q"]])
  func signal(signal: CInt, options: [String]) throws {
    try makeFiles()
    let command = try start("delay_enter=50000", options: options)
    try #require(command.waits { _ in (try? folder.difference("copy.img", "old.img")) ?? nil != nil })
    command.send(signal)
    let outcome = command.wait()
    #expect(outcome.ending == .signal(signal), "\(outcome)")
    #expect(outcome.messages == [Self.advice, "prlconv: ended by signal \(signal)"], "\(outcome)")
    try expectCompletion()
  }

  /// The first thread makes a hole, the second one hangs in a write: the process ends without it.
  @Test(
    "A refresh that hangs in a write is also reported", .enabled(if: Tools.strace, "needs strace"), arguments: [1, 2])
  func hanging(signalCount: Int) throws {
    let places: [Int?] = [nil, 0]
    let disk = HandMadeImage.disk(clusterByteCount: 512 << 10, places: places)
    let blocks = DirtyBlocks(diskByteCount: 1 << 20, granularity: 64 << 10, allDirty: true)
    try folder.write(AgedCopy(HandMadeImage(clusterByteCount: 512 << 10, places: places), disk: disk, blocks: blocks))
    try Shell.prepare("cp old.img copy.img", in: folder)
    let command = try start("delay_enter=5000000", options: ["-T2"])
    try #require(command.waits { _ in (try? folder.difference("copy.img", "old.img")) ?? nil != nil })
    for _ in 0..<signalCount { command.send(SIGINT) }
    let outcome = command.wait()
    #expect(outcome.ending == .signal(SIGINT), "\(outcome)")
    // strace complains when a process ends that it holds.
    let messages = outcome.messages.filter { !$0.hasPrefix("strace: ") }
    #expect(messages == [Self.advice, "prlconv: ended by signal \(SIGINT)"], "\(outcome)")
    try expectCompletion()
  }

  @Test(
    "A write that fails is reported with what it leaves behind", .enabled(if: Tools.strace, "needs strace"),
    arguments: ["ENOSPC", "EIO"])
  func failedWrite(error: String) throws {
    try makeFiles()
    let outcome = try start("error=\(error):when=3").wait()
    expectError(outcome, saying: ["'copy.img'", "write at byte"])
    #expect(outcome.messages.contains(Self.advice), "\(outcome)")
    try expectCompletion()
  }

  @Test(
    "A read that fails is an error at any place", .enabled(if: Tools.strace, "needs strace"),
    arguments: Exhaustive.cases(1...6))
  func failedRead(number: Int) throws {
    try makeFiles()
    let outcome = try Shell.run(
      """
      strace -f -qq -o /dev/null -P "$PWD/image.hds" -e trace=pread64 -e inject=pread64:error=EIO:when=\(number) \\
        "$PRLCONV" prl2raw --bitmap \(HandMadeBitmap.name()) image.hds copy.img
      """, in: folder)
    expectError(outcome, saying: ["'image.hds'", "read at byte"])
    let isAdvised = outcome.messages.contains(Self.advice)
    #expect(try isAdvised || folder.difference("copy.img", "old.img") == nil, "\(outcome)")
    expectSilentSuccess(try folder.refresh())
    try folder.expectRefreshed()
  }

  @Test("A call that was interrupted is made again", .enabled(if: Tools.strace, "needs strace"))
  func interruptedCall() throws {
    try makeFiles()
    expectSilentSuccess(try start("error=EINTR:when=2+5").wait())
    try folder.expectRefreshed()
  }

  @Test(
    "Without room in advance, and without holes, a refresh succeeds", .enabled(if: Tools.strace, "needs strace"),
    arguments: ["EOPNOTSUPP", "EIO", "ENOSPC"])
  func favours(error: String) throws {
    let places: [Int?] = [0, nil, 1]
    let disk = HandMadeImage.disk(clusterByteCount: 1 << 20, places: places)
    let blocks = DirtyBlocks(diskByteCount: 3 << 20, granularity: 64 << 10, allDirty: true)
    try folder.write(AgedCopy(HandMadeImage(clusterByteCount: 1 << 20, places: places), disk: disk, blocks: blocks))
    try Shell.prepare("cp old.img copy.img", in: folder)
    let outcome = try Shell.run(
      """
      strace -f -qq -o /dev/null -e trace=fallocate -e inject=fallocate:error=\(error) \\
        "$PRLCONV" prl2raw --bitmap \(HandMadeBitmap.name()) image.hds copy.img
      """, in: folder)
    expectSilentSuccess(outcome)
    try folder.expectRefreshed()
  }
}
