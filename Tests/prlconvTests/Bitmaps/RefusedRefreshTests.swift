import TestSupport
import Testing

/// What `prl2raw --bitmap` is not for: refused, with nothing written.
@Suite struct RefusedRefreshTests {
  let folder = TemporaryFolder()

  private func makeFiles() throws {
    try folder.write(AgedCopy.random("refused refreshes", 1))
    try Shell.prepare("cp old.img copy.img", in: folder)
  }

  private func expectNothingWritten(_ name: String = "copy.img") throws {
    #expect(try folder.difference("old.img", name) == nil)
    #expect(folder.leftovers.isEmpty)
  }

  private func run(_ arguments: String) throws -> Outcome {
    try Shell.run(#""$PRLCONV" prl2raw --bitmap \#(HandMadeBitmap.name()) \#(arguments)"#, in: folder)
  }

  @Test(arguments: ["-z", "--gzip", "-6", "--salvage", "--allow-dirty", "--target-is-zero"])
  func optionsOfAWholeConversionAreWrongUsage(option: String) throws {
    try makeFiles()
    expectError(try run("\(option) image.hds copy.img"), status: 64, saying: ["--bitmap"])
    try expectNothingWritten()
  }

  @Test(arguments: ["image.hds -", "image.hds", "image.hds > copy.img", "< image.hds 1<> copy.img", "- - < image.hds"])
  func standardOutputIsWrongUsage(arguments: String) throws {
    try makeFiles()
    let outcome = try run(arguments)
    expectError(outcome, status: 64, saying: ["--bitmap needs OUTPUT"])
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test func aNameOfGzipIsWrongUsage() throws {
    try makeFiles()
    try Shell.prepare("mv copy.img copy.gz", in: folder)
    expectError(try run("image.hds copy.gz"), status: 64)
    try expectNothingWritten("copy.gz")
  }

  @Test(arguments: ["cat image.hds | %", "% < <(cat image.hds)"])
  func anImageInAPipeIsRefused(script: String) throws {
    try makeFiles()
    let command = #""$PRLCONV" prl2raw --bitmap 10 - copy.img"#
    expectError(
      try Shell.run(script.replacing("%", with: command), in: folder), saying: ["'stdin'", "pipe"])
    try expectNothingWritten()
  }

  @Test(arguments: ["", "-f"])
  func anOutputThatIsNotThereIsNotMade(options: String) throws {
    try makeFiles()
    expectError(try run("\(options) image.hds nothing.img"), saying: ["'nothing.img'", "No such file"])
    #expect(!folder.contains("nothing.img"))
  }

  @Test(arguments: ["image.hds", "link", "hard", "./image.hds"], ["", "-f"])
  func theImageIsNoOutput(name: String, options: String) throws {
    try makeFiles()
    try Shell.prepare("ln image.hds hard; ln -s image.hds link; cp image.hds old.img", in: folder)
    expectError(try run("\(options) image.hds \(name)"), saying: ["input and output"])
    try expectNothingWritten("image.hds")
  }

  @Test(arguments: ["-512", "+512", "-1", "+1", "0"])
  func anOutputOfAnotherSizeIsRefused(change: String) throws {
    try makeFiles()
    try Shell.prepare("truncate -s \(change) copy.img; cp copy.img old.img", in: folder)
    let diskByteCount = try folder.byteCount(of: "expected.img")
    let outcome = try run("-f image.hds copy.img")
    expectError(outcome, saying: ["'copy.img'", "\(try folder.byteCount(of: "old.img"))", "\(diskByteCount)"])
    try expectNothingWritten()
  }

  @Test(arguments: ["mkdir out", "mkfifo out", "ln -s /dev/null out", "ln -s nothing out"])
  func whatIsNeitherFileNorDeviceIsRefused(make: String) throws {
    try makeFiles()
    try Shell.prepare(make, in: folder)
    expectError(try run("-f image.hds out"), saying: ["'out'"])
    #expect(!folder.contains("nothing"))
  }

  /// Root may write whatever the mode says, unless that right is taken away.
  private static let withoutThatRight = "$(drop='setpriv --bounding-set=-dac_override'; ! $drop true || echo $drop)"

  @Test(.enabled(if: Shell.works("touch f; chmod 400 f; ! \(withoutThatRight) sh -c ': >> f'"), "needs setpriv"))
  func aReadOnlyOutputIsRefused() throws {
    try makeFiles()
    try Shell.prepare("chmod 400 copy.img", in: folder)
    let outcome = try Shell.run(
      #"\#(Self.withoutThatRight) "$PRLCONV" prl2raw -f --bitmap 10 image.hds copy.img"#, in: folder)
    expectError(outcome, saying: ["'copy.img'", "Permission denied"])
    try expectNothingWritten()
  }

  @Test(.enabled(if: Tools.smallFileSystem, "needs the right to mount"))
  func anOutputOnAReadOnlyFileSystemIsRefused() throws {
    try makeFiles()
    try Shell.prepare("mkdir small", in: folder)
    let outcome = try Shell.run(
      """
      unshare -m bash -c '
        mount -t tmpfs none small && cp old.img small/copy.img && mount -o remount,ro small || exit 99
        "$PRLCONV" prl2raw -f --bitmap 10 image.hds small/copy.img'
      """, in: folder)
    expectError(outcome, saying: ["'small/copy.img'", "Read-only file system"])
  }

  @Test func aDamagedImageIsRefused() throws {
    try makeFiles()
    try Shell.prepare("truncate -s 500 image.hds", in: folder)
    expectError(try run("image.hds copy.img"), saying: ["'image.hds'"])
    try expectNothingWritten()
  }
}
