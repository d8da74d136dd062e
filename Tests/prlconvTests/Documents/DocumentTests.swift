import TestSupport
import Testing

extension Tools {
  static let parallel = python && Shell.works("parallel --version | grep -q '^GNU parallel'")
  static let recipes = python && Shell.isInstalled("curl") && Shell.isInstalled("rclone")
}

@Suite("The scripts of the documentation, run as they stand")
struct DocumentTests {
  let folder = TemporaryFolder()

  private func run(_ script: String) throws -> Outcome {
    try Shell.run(#"'\#(Project.folder)/Tests/Documents/\#(script)' "$PRLCONV""#, in: folder, atMost: 300)
  }

  @Test(
    "The table of damaged images says what the tool does",
    .enabled(if: Tools.python && Tools.qemuImg, "needs python3 and qemu-img"))
  func damageTable() throws {
    let script = "\(Project.folder)/Documentation/tools/damage-table"
    expectSilentSuccess(try Shell.run(#"'\#(script)' --check "$PRLCONV""#, in: folder, atMost: 300))
  }

  @Test(
    "The recipes of the README work", .enabled(if: Tools.recipes, "needs python3, curl and rclone"),
    .enabled(if: Exhaustive.isOn, "make test-exhaustive"))
  func recipes() throws {
    let outcome = try run("recipes")
    #expect(outcome.isSuccess, "\(outcome)\n\(outcome.printed)")
    #expect(outcome.printed.split(separator: "\n").count { $0.hasPrefix("ok: ") } == 9)
  }

  /// Linux's /proc finds the session to kill.
  @Test(
    "A fleet loses nothing when its run is killed",
    .enabled(if: Tools.parallel && DocumentTests.isLinux, "needs Linux, python3 and GNU parallel"),
    .enabled(if: Exhaustive.isOn, "make test-exhaustive"))
  func fleet() throws {
    let outcome = try run("fleet-test")
    #expect(outcome.isSuccess, "\(outcome)\n\(outcome.printed)")
  }

  static var isLinux: Bool { Shell.works("test -e /proc/self/stat") }
}
