import TestSupport
import Testing

/// System calls that fail in the middle of a conversion: an error, exit 1, no output, and the source as it was.
@Suite(.enabled(if: Tools.strace, "needs strace that may inject errors")) struct FaultInjection {
  /// One kind of call, and the error that it gets.
  struct Fault: Sendable, CustomTestStringConvertible {
    var call: String
    var error: String
    var testDescription: String { "\(error) of \(call)" }
  }

  /// A run of which one call failed.
  private struct Run {
    var number: String
    var status: String
    var hasError: Bool
    var isRight: Bool
    var names: [String]

    /// Reads a line of number, status, error lines, result of cmp, and names.
    init(_ line: Substring) {
      let fields = line.split(separator: " ").map(String.init)
      number = fields[0]
      status = fields[1]
      hasError = fields[2] == "1"
      isRight = fields[3] == "0"
      names = Array(fields[4...])
    }
  }

  /// Calls by which data, lengths and names come and go.
  static let transfers = ["pread64", "pwrite64", "read", "write", "ftruncate"]
  static let others = ["fstat,newfstatat", "lseek", "openat", "close", "renameat2"]
  static let errors = (transfers + others).map { Fault(call: $0, error: "EIO") }
  static let fullDisk = ["pwrite64", "write", "ftruncate", "close", "openat"].map { Fault(call: $0, error: "ENOSPC") }
  static let interruptions = (transfers + others).map { Fault(call: $0, error: "EINTR") }
  static let ends = [Ends.fileToFile, .pipeToFile, .fileToPipe]

  let folder = TemporaryFolder()
  let tracing = TemporaryFolder()

  private func makeInput(for direction: Direction) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 3), to: "in")
    case .prl2raw:
      try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: [1, nil, 0]).file, to: "in")
    }
    try Shell.prepare("cp in before", in: folder)
    expectSilentSuccess(try folder.convert(direction, "-f", from: "in", to: "expected"))
  }

  /// Runs a conversion once for each of some calls, and lets that one fail.
  ///
  /// The first calls belong to the loader, so the count begins where it is when `--version` has been printed. Only
  /// `write` is not among those, but for that very line.
  private func runs(_ direction: Direction, over ends: Ends, with fault: Fault) throws -> [Run] {
    try makeInput(for: direction)
    try tracing.write(
      Array(
        """
        #!/bin/sh
        exec strace -f -qq --seccomp-bpf -o /dev/null -e trace=$CALL -e inject=$CALL:error=$ERROR:when=$WHEN "$TOOL" "$@"
        """.utf8), to: "traced")
    let script = """
      chmod +x "$TRACED"
      TOOL="$PRLCONV" PRLCONV="$TRACED"
      export TOOL
      strace -f -qq --seccomp-bpf -o "$TRACED.log" -e trace=$CALL "$TOOL" --version > /dev/null
      if [ $CALL = write ]; then before=0; else before=$(grep -c . "$TRACED.log"); fi
      for step in 1 2 3 4 5 6; do
        export WHEN=$((before + step))
        { \(ends.script(direction, "-T1", from: "in", to: "out")); } 2> "$TRACED.messages"
        status=$?
        cmp -s expected out
        right=$?
        echo $WHEN $status $(grep -c '^prlconv: error: ' "$TRACED.messages") $right $(ls -A)
        rm -f out .prlconv*
      done
      """
    let outcome = try Shell.run(
      script, in: folder, environment: ["CALL": fault.call, "ERROR": fault.error, "TRACED": tracing("traced")])
    #expect(try folder.difference("in", "before") == nil)
    return outcome.printed.split(separator: "\n").map(Run.init)
  }

  /// What has to hold whatever failed.
  private func expectNoHarm(_ runs: [Run], over ends: Ends) {
    #expect(runs.count == 6)
    for run in runs {
      #expect(!run.names.contains { $0.hasPrefix(".prlconv") }, "\(run)")
      if run.status == "0" {
        #expect(run.isRight, "\(run)")
      } else {
        #expect(run.status == "1" && run.hasError, "\(run)")
        #expect(!ends.makesFile || !run.names.contains("out"), "\(run)")
      }
    }
  }

  @Test(arguments: errors + fullDisk, ends)
  func leavesNothingOfARawDisksImage(fault: Fault, ends: Ends) throws {
    expectNoHarm(try runs(.raw2prl, over: ends, with: fault), over: ends)
  }

  @Test(arguments: errors + fullDisk, ends)
  func leavesNothingOfAnImagesRawDisk(fault: Fault, ends: Ends) throws {
    expectNoHarm(try runs(.prl2raw, over: ends, with: fault), over: ends)
  }

  @Test(arguments: interruptions, ends)
  func anInterruptedCallIsMadeAgain(fault: Fault, ends: Ends) throws {
    for direction in Direction.allCases {
      let runs = try runs(direction, over: ends, with: fault)
      #expect(runs.count == 6)
      for run in runs { #expect(run.status == "0" && run.isRight, "\(direction) \(run)") }
    }
  }

  @Test(arguments: [
    (Direction.raw2prl, Ends.fileToFile, "pread64"), (.raw2prl, .fileToFile, "pwrite64"),
    (.raw2prl, .fileToFile, "ftruncate"), (.raw2prl, .fileToFile, "renameat2"), (.raw2prl, .fileToFile, "close"),
    (.raw2prl, .pipeToFile, "read"), (.raw2prl, .pipeToFile, "pwrite64"), (.raw2prl, .fileToPipe, "write"),
    (.raw2prl, .fileToPipe, "pread64"), (.prl2raw, .fileToFile, "pread64"), (.prl2raw, .fileToFile, "pwrite64"),
    (.prl2raw, .fileToFile, "ftruncate"), (.prl2raw, .fileToFile, "renameat2"), (.prl2raw, .fileToFile, "close"),
    (.prl2raw, .pipeToFile, "read"), (.prl2raw, .fileToPipe, "write"), (.prl2raw, .fileToPipe, "pread64"),
  ])
  func anErrorOfSuchACallIsNoticed(direction: Direction, ends: Ends, call: String) throws {
    let runs = try runs(direction, over: ends, with: Fault(call: call, error: "EIO"))
    #expect(runs.contains { $0.status == "1" && $0.hasError }, "\(runs)")
  }

  /// Room that is not granted in advance is no reason to fail.
  @Test(arguments: ["ENOSPC", "EOPNOTSUPP", "EIO", "EINTR"], Direction.allCases)
  func roomInAdvanceIsAFavour(error: String, direction: Direction) throws {
    let runs = try runs(direction, over: .fileToFile, with: Fault(call: "fallocate", error: error))
    for run in runs { #expect(run.status == "0" && run.isRight, "\(run)") }
  }

  @Test func theMessageNamesFileOperationAndPlace() throws {
    try makeInput(for: .raw2prl)
    let outcome = try Shell.run(
      #"strace -f -qq -o /dev/null -P "$PWD/in" -e trace=pread64 -e inject=pread64:error=EIO:when=2 "$PRLCONV" raw2prl in out"#,
      in: folder)
    expectError(outcome, saying: ["'in'", "read at byte ", "Input/output error"])
  }
}
