import TestSupport
import Testing

@Suite("What prl2raw --bitmap refuses, with nothing written")
struct RefusedRefreshTests {
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

  @Test(
    "Options of a whole conversion are wrong usage",
    arguments: ["-z", "--gzip", "-6", "--salvage", "--allow-dirty", "--target-is-zero"])
  func otherOptions(option: String) throws {
    try makeFiles()
    expectError(try run("\(option) image.hds copy.img"), status: 64, saying: ["--bitmap"])
    try expectNothingWritten()
  }

  @Test(
    "Standard output is wrong usage",
    arguments: ["image.hds -", "image.hds", "image.hds > copy.img", "< image.hds 1<> copy.img", "- - < image.hds"])
  func standardOutput(arguments: String) throws {
    try makeFiles()
    let outcome = try run(arguments)
    expectError(outcome, status: 64, saying: ["--bitmap requires an existing OUTPUT"])
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test("A name that asks for gzip is wrong usage")
  func gzipName() throws {
    try makeFiles()
    try Shell.prepare("mv copy.img copy.gz", in: folder)
    expectError(try run("image.hds copy.gz"), status: 64)
    try expectNothingWritten("copy.gz")
  }

  @Test("An image from a pipe is refused", arguments: ["cat image.hds | %", "% < <(cat image.hds)"])
  func pipe(script: String) throws {
    try makeFiles()
    let command = #""$PRLCONV" prl2raw --bitmap 10 - copy.img"#
    expectError(
      try Shell.run(script.replacing("%", with: command), in: folder), saying: ["'stdin'", "pipe"])
    try expectNothingWritten()
  }

  @Test("An output that is not there is not made", arguments: ["", "-f"])
  func missingOutput(options: String) throws {
    try makeFiles()
    expectError(try run("\(options) image.hds nothing.img"), saying: ["'nothing.img'", "No such file"])
    #expect(!folder.contains("nothing.img"))
  }

  @Test("The image itself is refused as output", arguments: ["image.hds", "link", "hard", "./image.hds"], ["", "-f"])
  func sameFile(name: String, options: String) throws {
    try makeFiles()
    try Shell.prepare("ln image.hds hard; ln -s image.hds link; cp image.hds old.img", in: folder)
    expectError(try run("\(options) image.hds \(name)"), saying: ["input and output"])
    try expectNothingWritten("image.hds")
  }

  @Test("An output of another size is refused", arguments: ["-512", "+512", "-1", "+1", "0"])
  func otherSize(change: String) throws {
    try makeFiles()
    try Shell.prepare("truncate -s \(change) copy.img; cp copy.img old.img", in: folder)
    let diskByteCount = try folder.byteCount(of: "expected.img")
    let outcome = try run("-f image.hds copy.img")
    expectError(outcome, saying: ["'copy.img'", "\(try folder.byteCount(of: "old.img"))", "\(diskByteCount)"])
    try expectNothingWritten()
  }

  @Test(
    "What is neither a file nor a device is refused",
    arguments: ["mkdir out", "mkfifo out", "ln -s /dev/null out", "ln -s nothing out"])
  func neither(make: String) throws {
    try makeFiles()
    try Shell.prepare(make, in: folder)
    expectError(try run("-f image.hds out"), saying: ["'out'"])
    #expect(!folder.contains("nothing"))
  }

  /// Root may write whatever the mode says, unless that right is taken away.
  private static let withoutThatRight = "$(drop='setpriv --bounding-set=-dac_override'; ! $drop true || echo $drop)"

  @Test(
    "A read-only output is refused",
    .enabled(if: Shell.works("touch f; chmod 400 f; ! \(withoutThatRight) sh -c ': >> f'"), "needs setpriv"))
  func readOnlyOutput() throws {
    try makeFiles()
    try Shell.prepare("chmod 400 copy.img", in: folder)
    let outcome = try Shell.run(
      #"\#(Self.withoutThatRight) "$PRLCONV" prl2raw -f --bitmap 10 image.hds copy.img"#, in: folder)
    expectError(outcome, saying: ["'copy.img'", "Permission denied"])
    try expectNothingWritten()
  }

  @Test(
    "An output on a read-only file system is refused", .enabled(if: Tools.smallFileSystem, "needs the right to mount"))
  func readOnlyFileSystem() throws {
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

  @Test("A damaged image is refused")
  func damagedImage() throws {
    try makeFiles()
    try Shell.prepare("truncate -s 500 image.hds", in: folder)
    expectError(try run("image.hds copy.img"), saying: ["'image.hds'"])
    try expectNothingWritten()
  }
}
