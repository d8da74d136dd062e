import TestSupport
import Testing

@Suite("A build that cannot work stops with one line that says why")
struct SetupTests {
  let folder = TemporaryFolder()

  /// Runs the check that comes before every build, with a Swift that prints `version` and a clang that finds no header.
  private func check(version: String) throws -> Outcome {
    try Shell.prepare(
      "printf '#!/bin/sh\\necho \"\(version)\"\\n' > swift; printf '#!/bin/sh\\nexit 1\\n' > clang; chmod +x swift clang",
      in: folder)
    return try Shell.run("SWIFT=\"$PWD/swift\" '\(Project.folder)/Packaging/setup' check", in: folder)
  }

  @Test("There is no Swift")
  func missing() throws {
    let outcome = try Shell.run("SWIFT=/nowhere/swift '\(Project.folder)/Packaging/setup' check", in: folder)
    #expect(outcome.ending == .status(1))
    #expect(outcome.messages.count == 1 && outcome.messages[0].hasPrefix("Swift is missing: "), "\(outcome)")
  }

  @Test(
    "The Swift that is there does not do, or a header is missing",
    arguments: [
      ("Swift version 5.9.2 (swift-5.9.2-RELEASE)", "Swift 5.9 is too old: "),
      ("Apple Swift version 6.1 (swiftlang-6.1.0.110.21)", "Swift 6.1 is too old: "),
      ("python-swiftclient 4.1.0", "swift is not the Swift compiler: "),
      ("Swift version 6.2 (swift-6.2-RELEASE)", "zlib's header is missing: "),
      ("Swift version 10.0 (swift-10.0-RELEASE)", "zlib's header is missing: "),
    ])
  func unusable(version: String, expected: String) throws {
    let outcome = try check(version: version)
    #expect(outcome.ending == .status(1))
    #expect(outcome.messages.count == 1 && outcome.messages[0].contains(expected), "\(outcome)")
  }
}
