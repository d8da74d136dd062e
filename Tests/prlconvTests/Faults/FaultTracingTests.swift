import TestSupport
import Testing

@Suite("Faults from outside, by strace", .enabled(if: Tools.strace, "needs strace that may inject errors"))
struct FaultTracingTests {
  let folder = TemporaryFolder()

  private func makeInput(for direction: Direction) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 3), to: "in")
    case .prl2raw:
      try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: [1, nil, 0]).file, to: "in")
    }
  }

  @Test("The message names file, operation and place")
  func message() throws {
    try makeInput(for: .raw2prl)
    let outcome = try Shell.run(
      #"strace -f -qq -o /dev/null -P "$PWD/in" -e trace=pread64 -e inject=pread64:error=EIO:when=2 "$PRLCONV" raw2prl in out"#,
      in: folder)
    expectError(outcome, saying: ["'in'", "read at byte ", "Input/output error"])
    #expect(folder.names == ["in"])
  }

  @Test(
    "An error of the system itself leaves nothing behind", arguments: Direction.allCases,
    ["pwrite64", "ftruncate", "fsync", "linkat"])
  func error(direction: Direction, call: String) throws {
    try makeInput(for: direction)
    let outcome = try Shell.run(
      """
      strace -f -qq -o /dev/null -e trace=\(call) -e inject=\(call):error=EIO:when=1 \
      "$PRLCONV" \(direction.rawValue) --sync in out
      """, in: folder)
    expectError(outcome, saying: ["Input/output error"])
    #expect(folder.names == ["in"])
  }

  /// Without its name on the disk, an output can be gone when the power is: that is not success.
  @Test("A folder that cannot be synchronized leaves nothing behind", arguments: Direction.allCases)
  func folderSync(direction: Direction) throws {
    try makeInput(for: direction)
    try Shell.prepare("mkdir folder", in: folder)
    let outcome = try Shell.run(
      """
      strace -f -qq -o /dev/null -P "$PWD/folder" -e trace=fsync -e inject=fsync:error=EIO \
      "$PRLCONV" \(direction.rawValue) --sync in "$PWD/folder/out"
      """, in: folder)
    expectError(outcome, saying: ["folder", "Input/output error"])
    #expect(try Shell.run("ls -A folder", in: folder).printed.isEmpty)
  }

  @Test("A folder that cannot be synchronized keeps what replaced a file")
  func folderSyncReplacing() throws {
    try makeInput(for: .raw2prl)
    try Shell.prepare(#"mkdir folder; echo old > folder/out; "$PRLCONV" raw2prl in expected"#, in: folder)
    let outcome = try Shell.run(
      #"strace -f -qq -o /dev/null -P "$PWD/folder" -e trace=fsync -e inject=fsync:error=EIO "$PRLCONV" raw2prl --sync -f in "$PWD/folder/out""#,
      in: folder)
    expectError(outcome, saying: ["folder", "Input/output error"])
    #expect(try folder.difference("folder/out", "expected") == nil)
  }

  /// Those of the loader are not on files of the folder.
  @Test(
    "The shim sees every call", .enabled(if: FaultShim.path != nil, "needs a C compiler"), arguments: Direction.allCases
  )
  func shim(direction: Direction) throws {
    try makeInput(for: direction)
    let convert = #""$PRLCONV" \#(direction.rawValue) -T1 --sync in out"#
    let calls = ["pread", "pwrite", "ftruncate", "fsync", "fallocate", "rename", "lseek", "close"]
    let tracing = try TemporaryFolder().counts(
      """
      strace -f -y -qq -o "$LOG" -e trace=pread64,pwrite64,ftruncate,fsync,fallocate,linkat,lseek,close \(convert)
      rm out
      grep -E "<$PWD|<pipe:|linkat" "$LOG" | sed -E 's/^[0-9]+ +([a-z]+)[0-9]*\\(.*/\\1/; s/linkat/rename/'
      """, of: calls, in: folder)
    let shim = try TemporaryFolder().counts(
      #"FAULT_LOG=$LOG LD_PRELOAD=$LIBRARY \#(convert); sed 's/ .*//' "$LOG""#, of: calls, in: folder)
    #expect(tracing["pwrite"] ?? 0 > 2 && tracing["rename"] == 1)
    for call in calls { #expect(tracing[call] == shim[call], "\(call)") }
  }
}

extension TemporaryFolder {
  /// Runs a script that names a call a line, with a log in this folder; returns how often each of `calls` is named.
  fileprivate func counts(_ script: String, of calls: [String], in folder: TemporaryFolder) throws -> [String: Int] {
    var environment = FaultShim.environment(.none)
    environment["LIBRARY"] = environment.removeValue(forKey: "LD_PRELOAD")
    environment["LOG"] = self("log")
    let outcome = try Shell.run(script, in: folder, environment: environment)
    guard outcome.isSuccess else { throw TestSupportError("\(script): \(outcome)") }
    let lines = outcome.printed.split(separator: "\n")
    return Dictionary(uniqueKeysWithValues: calls.map { call in (call, lines.count { $0 == call }) })
  }
}
