import TestSupport
import Testing

@Suite(
  "A file system that is too small is reported before the first byte",
  .enabled(if: Tools.smallFileSystem, "needs the right to mount"))
struct FreeSpaceTests {
  static let warning = "prlconv: warning: 'small/out': the file system has "

  let folder = TemporaryFolder()

  /// Converts onto an empty file system of this many MiB.
  private func convert(
    _ direction: Direction, _ options: String = "", over ends: Ends, megabytes: Int
  ) throws -> Outcome {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 6), to: "in")
    case .prl2raw:
      try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: [5, 4, 3, 2, 1, 0]).file, to: "in")
    }
    try Shell.prepare("mkdir small", in: folder)
    return try Shell.run(
      """
      unshare -m bash -o pipefail -c '
        mount -t tmpfs -o size=\(megabytes)m none small || exit 99
        \(ends.script(direction, options, from: "in", to: "small/out"))'
      """, in: folder)
  }

  /// The header of an image gives the size of what comes through a pipe; that of anything else is unknown.
  @Test(
    "Too little space is reported before it runs out",
    arguments: [(Direction.raw2prl, Ends.fileToFile), (.prl2raw, .fileToFile), (.prl2raw, .pipeToFile)])
  func warned(direction: Direction, ends: Ends) throws {
    let outcome = try convert(direction, over: ends, megabytes: 3)
    expectError(outcome, saying: ["'small/out'", "No space left"])
    #expect(outcome.messages.count == 2, "\(outcome)")
    #expect(outcome.messages.first?.hasPrefix(Self.warning + "3145728 bytes free") == true, "\(outcome)")
    #expect(outcome.messages.first?.hasSuffix(" but the output may need 6291456") == true, "\(outcome)")
  }

  @Test("A redirected output also gets the warning", arguments: Direction.allCases)
  func redirected(direction: Direction) throws {
    let outcome = try convert(direction, over: .redirected, megabytes: 3)
    expectError(outcome, saying: ["'stdout'", "No space left"])
    #expect(outcome.messages.first?.hasPrefix("prlconv: warning: 'stdout': the file system has ") == true)
  }

  @Test("--quiet hides the warning, not the error", arguments: Direction.allCases)
  func quiet(direction: Direction) throws {
    let outcome = try convert(direction, "-q", over: .fileToFile, megabytes: 3)
    expectError(outcome, saying: ["No space left"])
    #expect(outcome.messages.count == 1, "\(outcome)")
  }

  @Test("Enough space gives no warning", arguments: Direction.allCases, [Ends.fileToFile, .pipeToFile, .redirected])
  func enough(direction: Direction, ends: Ends) throws {
    expectSilentSuccess(try convert(direction, over: ends, megabytes: 8))
  }

  /// Zeros that stand in the file take no space in the output.
  @Test("Zeros that are not stored may give a warning, but fit")
  func zeros() throws {
    try folder.write(SparseDisk([UInt8](repeating: 0, count: 5 << 20)), to: "zeros.img")
    try Shell.prepare("mkdir small", in: folder)
    let outcome = try Shell.run(
      """
      unshare -m bash -c '
        mount -t tmpfs -o size=3m none small && "$PRLCONV" raw2prl zeros.img small/out'
      """, in: folder)
    #expect(outcome.isSuccess && outcome.messages.count == 1, "\(outcome)")
    #expect(outcome.standardError.hasPrefix(Self.warning), "\(outcome)")
  }

  /// The image's length is known in these cases, whatever the data is.
  @Test(
    "What is certain to be stored is counted",
    arguments: [
      ("--allocated --size 7800K", 9 << 20), ("--cluster-size 64M --size 4M", 64 << 20),
      ("--size 100G --cluster-size 4K", 104_861_696),
    ])
  func certain(options: String, byteCount: Int) throws {
    try folder.write(SparseDisk([]), to: "in")
    try Shell.prepare("mkdir small", in: folder)
    let outcome = try Shell.run(
      """
      unshare -m bash -c '
        mount -t tmpfs -o size=8m none small && "$PRLCONV" raw2prl \(options) in small/out'
      """, in: folder)
    expectError(outcome, saying: ["'small/out'", "No space left"])
    #expect(
      outcome.messages.first == "\(Self.warning)8388608 bytes free, but the output may need \(byteCount)",
      "\(outcome)")
  }

  @Test("A file system without a limit gives no warning")
  func unlimited() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "in")
    try Shell.prepare("mkdir small", in: folder)
    expectSilentSuccess(
      try Shell.run(
        #"unshare -m bash -c 'mount -t tmpfs -o size=0 none small && "$PRLCONV" raw2prl in small/out'"#, in: folder))
  }

  @Test("Of the last cluster, only what the disk has is counted")
  func lastCluster() throws {
    var disk = SparseDisk(byteCount: 65 << 20)
    disk.put([UInt8](repeating: 1, count: 1 << 20), at: 64 << 20)
    try folder.write(disk, to: "disk")
    try Shell.prepare(#"mkdir small; "$PRLCONV" raw2prl --cluster-size 64M disk in"#, in: folder)
    expectSilentSuccess(
      try Shell.run(
        #"unshare -m bash -c 'mount -t tmpfs -o size=8m none small && "$PRLCONV" prl2raw in small/out'"#, in: folder))
  }

  @Test("A pipe has no free space", arguments: Direction.allCases)
  func pipe(direction: Direction) throws {
    // The warning would name stdout; the error is that of `cat`.
    let outcome = try convert(direction, over: .fileToPipe, megabytes: 3)
    #expect(!outcome.standardError.contains("warning"), "\(outcome)")
  }
}
