import TestSupport
import Testing

@Suite("The version, which stands in several places for readers and in one for writers")
struct VersionTests {
  private let folder = TemporaryFolder()

  @Test("The newest release in the changelog is the version")
  func changelog() throws {
    let version = try #require(
      try Project.text("Sources/prlconv/Version.swift").firstMatch(of: #/"([^"]*)"/#)?.output.1)
    let headings = try Project.text("CHANGELOG.md").split(separator: "\n").filter { $0.hasPrefix("## ") }
    let heading = try #require(headings.first { $0 != "## Unreleased" })
    #expect(heading.hasPrefix("## \(version) ("))
    #expect(try Shell.run(#""$PRLCONV" --version"#, in: folder).printed.hasPrefix("prlconv \(version) ("))
  }

  @Test("The version of zlib is named")
  func zlib() throws {
    let printed = try Shell.run(#""$PRLCONV" --version"#, in: folder).printed
    #expect(printed.wholeMatch(of: #/prlconv \d+\.\d+\.\d+ \(zlib \d[^ ]*\)\n/#) != nil, "\(printed)")
  }

  @Test(
    "Without /proc, nothing is taken for a request for help",
    .enabled(if: Tools.smallFileSystem, "needs the right to mount"))
  func withoutProc() throws {
    let outcome = try Shell.run(
      #"unshare -m sh -c 'mount -t tmpfs none /proc && exec "$PRLCONV" raw2prl disk.img disk.hds'"#, in: folder)
    expectError(outcome, saying: ["command line"])
    #expect(outcome.standardOutput.isEmpty)
  }
}
