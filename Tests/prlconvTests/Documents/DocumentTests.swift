import TestSupport
import Testing

extension Tools {
  static let recipes = python && Shell.isInstalled("curl") && Shell.isInstalled("rclone")
}

@Suite("The scripts of the documentation, run as they stand")
struct DocumentTests {
  let folder = TemporaryFolder()

  private func run(_ script: String, _ argument: String = "") throws -> Outcome {
    try Shell.run(#"'\#(Project.folder)/Tests/Documents/\#(script)' "$PRLCONV" \#(argument)"#, in: folder, atMost: 300)
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

  /// Linux's /proc finds the processes to kill, and the script itself skips an engine that is not installed.
  @Test(
    "A fleet loses nothing when its run is disturbed",
    .enabled(if: Tools.python && DocumentTests.isLinux, "needs Linux and python3"),
    .enabled(if: Exhaustive.isOn, "make test-exhaustive"),
    arguments: ["parallel", "slurm", "kubernetes"])
  func fleet(engine: String) throws {
    let outcome = try run("fleet-test", engine)
    #expect(outcome.isSuccess, "\(outcome)\n\(outcome.printed)")
  }

  static var isLinux: Bool { Shell.works("test -e /proc/self/stat") }
}
