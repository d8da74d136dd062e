import Foundation
import TestSupport
import Testing

/// Names of files that are more than letters.
@Suite struct OddNames {
  let folder = TemporaryFolder()

  /// A name must not make a line of its own, or tell the terminal anything.
  @Test(arguments: ["info", "check", "map", "prl2raw"])
  func controlCharactersAreWrittenOut(command: String) throws {
    let name = "a\u{1B}[31m\nprlconv: error: b"
    var image = DamagedImage.sound()
    image.entries[1] = 1000
    try folder.write(image.file, to: name)
    let outcome = try Shell.run(#""$PRLCONV" \#(command) $'a\e[31m\nprlconv: error: b'"#, in: folder)
    let text = outcome.printed + outcome.standardError
    #expect(!text.contains("\u{1B}") && !text.contains("\nprlconv: error: b"), "\(text)")
    #expect(command == "check" || text.contains(#"a\x1b[31m\x0aprlconv: error: b"#), "\(text)")
  }

  @Test func jsonHasTheNameAsItIs() throws {
    let name = "a\u{1B}\n\"\\\u{7F}\u{85}ä"
    try folder.write(DamagedImage.sound().file, to: name)
    try Shell.prepare(#"mkdir one; mv a* one"#, in: folder)
    let report = try JSONReport(Shell.run(#"cd one; "$PRLCONV" check --output json *"#, in: folder))
    #expect(report.object["filename"] as? String == name)
  }

  /// Swift would replace the bytes, so the name would be that of another file, which may be there.
  @Test(arguments: ["info", "check", "prl2raw", "raw2prl -o"])
  func bytesThatAreNoTextAreRefused(command: String) throws {
    try folder.write(DamagedImage.sound().file, to: "a\u{FFFD}")
    let outcome = try Shell.run(#""$PRLCONV" \#(command) $'a\xff'"#, in: folder)
    expectError(outcome, status: 64, saying: ["UTF-8"])
    #expect(outcome.standardOutput.isEmpty && folder.names == ["a\u{FFFD}"])
  }

  @Test func theHintForSuchNamesWorks() throws {
    try folder.write(DamagedImage.sound().file, to: "image")
    let outcome = try Shell.run(
      #"mv image $'a\xff'; "$PRLCONV" prl2raw < $'a\xff' > disk && "$PRLCONV" check - < $'a\xff'"#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }
}
