import TestSupport
import Testing

@Suite("Disks that others have compressed")
struct GzipReadingTests {
  let folder = TemporaryFolder()

  /// Compresses `disk.img` by a script to `disk.gz`, and converts that over all ends.
  private func expectSameDisk(_ compress: String, over ends: [Ends] = Exhaustive.ends) throws {
    try Shell.prepare(compress, in: folder)
    for ends in ends {
      expectSilentSuccess(try folder.convert(.raw2prl, "-f", from: "disk.gz", to: "out.hds", over: ends), "\(ends)")
      expectSilentSuccess(try folder.convert(.prl2raw, "-f", from: "out.hds", to: "back.img"))
      #expect(try folder.difference("disk.img", "back.img") == nil, "\(ends)")
    }
  }

  @Test("A stream of any writer can be read", arguments: Exhaustive.cases(GzipWriter.installed, brief: 3))
  func writers(writer: GzipWriter) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try expectSameDisk("\(writer.rawValue) < disk.img > disk.gz")
  }

  @Test(
    "Every command reads the same as by plain decompression",
    arguments: Exhaustive.cases(GzipWriter.installed, brief: 2))
  func shortcuts(writer: GzipWriter) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try Shell.prepare("{ cat disk.img; head -c 40M /dev/zero; cat disk.img; } > in.img", in: folder)
    try Shell.prepare("\(writer.rawValue) < in.img > in.gz", in: folder)
    let outcomes = try ["", "--plain-gzip"].map { option in
      try Shell.run(
        """
        "$PRLCONV" raw2prl -f \(option) in.gz out.hds && cksum out.hds
        "$PRLCONV" compare \(option) in.gz in.img && "$PRLCONV" measure \(option) in.gz
        """, in: folder)
    }
    #expect(outcomes[0].isSuccess, "\(outcomes[0])")
    #expect(outcomes[0].printed == outcomes[1].printed)
  }

  /// Dispatch traps, or waits for ever, where a limit leaves it no descriptors or threads.
  @Test("Limits allow what they allow plain decompression", arguments: ["-n 9", "-n 11", "-n 13", "-v 60000"])
  func limits(limit: String) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try Shell.prepare(#""$PRLCONV" raw2prl disk.img in.hds && "$PRLCONV" prl2raw -z in.hds in.gz"#, in: folder)
    let outcomes = try ["", "--plain-gzip"].map {
      try Shell.run(#"ulimit \#(limit); timeout 60 "$PRLCONV" measure -T 2 \#($0) in.gz"#, in: folder)
    }
    #expect(outcomes[0].ending == outcomes[1].ending, "\(outcomes)")
    #expect(outcomes[0].printed == outcomes[1].printed)
  }

  @Test(
    "Members of different writers are one disk",
    .enabled(if: Tools.gzip && Tools.pigz && Tools.python, "needs gzip, pigz and python3"))
  func mixedWriters() throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try expectSameDisk(
      """
      { head -c 1 disk.img | gzip -9; head -c 1000000 disk.img | tail -c +2 | \(GzipWriter.pythonZlib.rawValue)
        gzip < /dev/null; pigz < /dev/null; tail -c +1000001 disk.img | head -c 2000000 | pigz -p 2
        tail -c +3000001 disk.img | gzip -1; gzip < /dev/null; } > disk.gz
      """)
  }

  @Test(
    "Padding is skipped", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: ["head -c 1 /dev/zero", "head -c 70000 /dev/zero"])
  func padding(padding: String) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try expectSameDisk("{ gzip -1 < disk.img; \(padding); } > disk.gz")
  }

  @Test(
    "Nothing compressed is an empty disk, if that is its size", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: Exhaustive.ends)
  func nothing(ends: Ends) throws {
    try Shell.prepare("gzip < /dev/null > disk.gz; : > empty", in: folder)
    expectSilentSuccess(try folder.convert(.raw2prl, from: "empty", to: "expected.hds"))
    expectSilentSuccess(try folder.convert(.raw2prl, "--size 0", from: "disk.gz", to: "out.hds", over: ends))
    #expect(try folder.difference("expected.hds", "out.hds") == nil)
  }

  @Test(
    "The image is that of the plain disk", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: ["--cluster-size 64K", "--layout legacy", "--allocated", ""])
  func sameImage(options: String) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try Shell.prepare("gzip -1 < disk.img > disk.gz", in: folder)
    for ends in Exhaustive.ends {
      for (input, output) in [("disk.img", "expected.hds"), ("disk.gz", "out.hds")] {
        // Plain disks also come through a pipe: then neither has a size before its end.
        let convert = try folder.convert(.raw2prl, "-f \(options)", from: input, to: output, over: ends)
        expectSilentSuccess(convert, "\(ends)")
      }
      #expect(try folder.difference("expected.hds", "out.hds") == nil, "\(ends)")
    }
  }

  @Test(
    "--size is that of the disk, not of the file", .enabled(if: Tools.gzip, "needs gzip"), arguments: Exhaustive.ends,
    ["", "--allocated"])
  func size(ends: Ends, options: String) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try Shell.prepare("gzip -1 < disk.img > disk.gz; truncate -s 7M disk.img", in: folder)
    let convert = try folder.convert(.raw2prl, "\(options) --size 7M", from: "disk.gz", to: "out.hds", over: ends)
    expectSilentSuccess(convert)
    expectSilentSuccess(try folder.convert(.prl2raw, from: "out.hds", to: "back.img"))
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }

  @Test("A disk longer than --size is refused", .enabled(if: Tools.gzip, "needs gzip"), arguments: Ends.toFile)
  func tooLong(ends: Ends) throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try Shell.prepare("gzip -1 < disk.img > disk.gz", in: folder)
    let outcome = try folder.convert(.raw2prl, "--size 4M", from: "disk.gz", to: "out.hds", over: ends)
    expectError(outcome, saying: ["longer", "4194304"])
    #expect(folder.names == ["disk.gz", "disk.img"])
  }

  @Test("An odd length is found by decoding", .enabled(if: Tools.gzip, "needs gzip"), arguments: Exhaustive.ends)
  func oddLength(ends: Ends) throws {
    try folder.write(Filling.cluster(1, byteCount: 70_001), to: "disk.img")
    try Shell.prepare("gzip < disk.img > disk.gz; truncate -s 70144 disk.img", in: folder)
    let outcome = try folder.convert(.raw2prl, from: "disk.gz", to: "out.hds", over: ends)
    #expect(outcome.ending == .status(0) && outcome.messages.count == 1, "\(outcome)")
    #expect(outcome.standardError.contains("padded with 143 zero bytes"), "\(outcome)")
    expectSilentSuccess(try folder.convert(.prl2raw, from: "out.hds", to: "back.img"))
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }
}
