import TestSupport
import Testing

@Suite("A file system that fills up for real", .enabled(if: Tools.smallFileSystem, "needs the right to mount"))
struct FullFileSystemTests {
  let folder = TemporaryFolder()

  /// Runs a script with an empty file system of this many bytes at `small`, then lists what is left there.
  private func run(_ script: String, size: String = "1m") throws -> Outcome {
    try Shell.prepare("mkdir small", in: folder)
    return try Shell.run(
      """
      unshare -m bash -o pipefail -c '
        mount -t tmpfs -o size=\(size) none small || exit 99
        \(script)
        status=$?
        ls -A small
        exit $status'
      """, in: folder)
  }

  private func makeInput(for direction: Direction) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 6), to: "in")
    case .prl2raw:
      try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: [3, 2, 1, 0]).file, to: "in")
    }
    try Shell.prepare("cp in before", in: folder)
  }

  @Test("Nothing is left on it", arguments: Direction.allCases, Ends.toFile)
  func nothingLeft(direction: Direction, ends: Ends) throws {
    try makeInput(for: direction)
    let outcome = try run(ends.script(direction, "", from: "in", to: "small/out"))
    expectError(outcome, saying: ["'small/out'", "No space left"])
    #expect(outcome.printed == "", "\(outcome.printed)")
    #expect(try folder.difference("in", "before") == nil)
  }

  @Test("An old output is kept", arguments: Direction.allCases)
  func oldOutput(direction: Direction) throws {
    try makeInput(for: direction)
    let outcome = try run(
      #"echo old > small/out; "$PRLCONV" \#(direction.rawValue) -f in small/out; status=$?; cat small/out; (exit $status)"#
    )
    expectError(outcome)
    #expect(outcome.printed == "old\nout\n")
  }

  @Test("A redirected output is cut back", arguments: Direction.allCases)
  func redirected(direction: Direction) throws {
    try makeInput(for: direction)
    let outcome = try run(
      #""$PRLCONV" \#(direction.rawValue) in > small/out; status=$?; wc -c < small/out; (exit $status)"#)
    expectError(outcome, saying: ["'stdout'"])
    #expect(outcome.printed == "0\nout\n")
  }

  @Test("A full temporary folder is named", arguments: Direction.allCases)
  func temporaryFolder(direction: Direction) throws {
    try makeInput(for: direction)
    let convert = Ends.pipeToPipe.script(direction, "", from: "in", to: "out")
    let outcome = try run("export TMPDIR=$PWD/small; \(convert)")
    expectError(outcome, saying: ["small", "No space left"])
    #expect(outcome.printed == "")
  }

  @Test("Just enough is enough")
  func justEnough() throws {
    try makeInput(for: .raw2prl)
    let outcome = try run(#""$PRLCONV" raw2prl in small/out && "$PRLCONV" prl2raw small/out back"#, size: "6m")
    #expect(outcome.isSuccess && outcome.standardError.isEmpty, "\(outcome)")
    #expect(try folder.difference("in", "back") == nil)
  }
}
