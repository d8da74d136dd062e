import TestSupport
import Testing

extension Tools {
  static let parallel = python && Shell.works("parallel --version | grep -q '^GNU parallel'")
  static let recipes = python && Shell.isInstalled("curl") && Shell.isInstalled("rclone")
}

/// What people are told to type does what they are told.
@Suite struct DocumentTests {
  let folder = TemporaryFolder()

  private func run(_ script: String) throws -> Outcome {
    try Shell.run(#"'\#(Project.folder)/Tests/Documents/\#(script)' "$PRLCONV""#, in: folder, atMost: 300)
  }

  @Test(
    .enabled(if: Tools.recipes, "needs python3, curl and rclone"), .enabled(if: Exhaustive.isOn, "make test-exhaustive")
  )
  func recipesOfTheReadmeDoAsTheySay() throws {
    let outcome = try run("recipes")
    #expect(outcome.isSuccess, "\(outcome)\n\(outcome.printed)")
    #expect(outcome.printed.split(separator: "\n").count { $0.hasPrefix("ok: ") } == 6)
  }

  /// The session that is killed is found by Linux's /proc.
  @Test(
    .enabled(if: Tools.parallel && DocumentTests.isLinux, "needs Linux, python3 and GNU parallel"),
    .enabled(if: Exhaustive.isOn, "make test-exhaustive"))
  func aFleetLosesNothingWhenItsRunIsKilled() throws {
    let outcome = try run("fleet-test")
    #expect(outcome.isSuccess, "\(outcome)\n\(outcome.printed)")
  }

  static var isLinux: Bool { Shell.works("test -e /proc/self/stat") }
}
