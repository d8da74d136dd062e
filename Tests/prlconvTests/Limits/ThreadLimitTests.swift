import Foundation
import TestSupport
import Testing

@Suite("A conversion goes on with the threads it can have, down to one")
struct ThreadLimitTests {
  let folder = TemporaryFolder()

  private func prepareImage() throws {
    try folder.write(SparseDisk(numberedMegabytes: 12), to: "disk")
    try Shell.prepare(#""$PRLCONV" raw2prl disk image"#, in: folder)
  }

  private func expectTheDisk(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
    let outcome = try Shell.run(script, in: folder, atMost: 60)
    #expect(outcome.isSuccess, "\(outcome)", sourceLocation: sourceLocation)
    #expect(try FileDifference.between(folder("disk"), folder("out")) == nil, sourceLocation: sourceLocation)
    return outcome
  }

  @Test("More threads than Dispatch has are no trouble", arguments: [129, 256], ["", "-z"])
  func manyThreads(threadCount: Int, option: String) throws {
    try prepareImage()
    _ = try expectTheDisk(
      option.isEmpty
        ? #""$PRLCONV" prl2raw -T \#(threadCount) image out"#
        : #""$PRLCONV" prl2raw -z -T \#(threadCount) image out.gz && gzip -dc out.gz > out && truncate -s 12M out"#)
  }

  @Test("A signal ends a conversion with more threads than Dispatch has")
  func signalWithManyThreads() throws {
    let command = try Shell.start(#"exec "$PRLCONV" raw2prl -T 256 - out"#, in: folder, input: .pipe)
    try command.feed([1])
    try #require(command.waits { $0.hasReadItsInput })
    command.send(SIGTERM)
    #expect(command.wait(atMost: 20).ending == .signal(SIGTERM))
    #expect(folder.names == [])
  }

  @Test("A limit on processes", .enabled(if: ProcessLimit.isPossible, "needs a cgroup for processes"), arguments: 1...4)
  func processes(limit: Int) throws {
    try prepareImage()
    try ProcessLimit.with(limit) { _ = try expectTheDisk($0.entering(#""$PRLCONV" prl2raw -T 4 image out"#)) }
  }

  @Test(
    "-v mentions threads that could not be started",
    .enabled(if: ProcessLimit.isPossible, "needs a cgroup for processes"))
  func mentioned() throws {
    try folder.write(SparseDisk(numberedMegabytes: 12), to: "disk")
    let outcome = try ProcessLimit.with(1) { one in
      try Shell.run(
        "mkfifo pipe; { cat disk; sleep 1; } > pipe & " + one.entering(#""$PRLCONV" raw2prl -v -T 4 pipe image"#),
        in: folder)
    }
    #expect(outcome.isSuccess && outcome.standardError.contains("only 1 of 4 threads could be started"), "\(outcome)")
  }

  @Test(
    "A signal ends a conversion that has one thread",
    .enabled(if: ProcessLimit.isPossible, "needs a cgroup for processes"))
  func signalWithOneThread() throws {
    try ProcessLimit.with(1) { one in
      let command = try Shell.start(one.entering(#""$PRLCONV" raw2prl -T 4 - out"#), in: folder, input: .pipe)
      try command.feed([1])
      try #require(command.waits { $0.hasReadItsInput })
      command.send(SIGTERM)
      #expect(command.wait(atMost: 20).ending == .signal(SIGTERM))
    }
    #expect(folder.names == [])
  }

  @Test("A limit on address space", arguments: [130_000, 200_000, 500_000])
  func addressSpace(kibibytes: Int) throws {
    try prepareImage()
    let outcome = try Shell.run(
      #"(ulimit -v \#(kibibytes); exec "$PRLCONV" prl2raw -z -T 16 image out.gz)"#, in: folder, atMost: 60)
    // What the tool itself takes differs from build to build, so a buffer may be missing; but it says so.
    guard outcome.isSuccess else { return expectError(outcome, saying: ["not enough memory"]) }
    try Shell.prepare("gzip -dc out.gz > out", in: folder)
    #expect(try FileDifference.between(folder("disk"), folder("out")) == nil)
  }

  @Test("A limit on open files is an error, or none at all", arguments: 5...14)
  func openFiles(limit: Int) throws {
    try prepareImage()
    let outcome = try Shell.run(
      #"(ulimit -n \#(limit); exec "$PRLCONV" prl2raw -T 4 image out)"#, in: folder, atMost: 60)
    guard outcome.isSuccess else { return expectError(outcome, saying: ["Too many open files"]) }
    #expect(try FileDifference.between(folder("disk"), folder("out")) == nil)
  }
}
