import Foundation
import TestSupport
import Testing

@Suite("Names of files that are more than letters")
struct OddNameTests {
  let folder = TemporaryFolder()

  /// A name must not start a new line or send the terminal a command.
  @Test(
    "Control characters are escaped", arguments: ["info", "map", "compare image", "prl2raw -o /dev/null"],
    [false, true])
  func controlCharacters(command: String, damaged: Bool) throws {
    let name = "a\u{1B}[31m\nprlconv: error: b"
    var image = DamagedImage.sound()
    try folder.write(image.file, to: "image")
    if damaged { image.entries[1] = 1000 }
    try folder.write(image.file, to: name)
    let outcome = try Shell.run(#""$PRLCONV" \#(command) $'a\e[31m\nprlconv: error: b' < /dev/null | cat"#, in: folder)
    let text = outcome.printed + outcome.standardError
    #expect(!text.contains("\u{1B}") && !text.contains("\nprlconv: error: b"), "\(text)")
    // A conversion that succeeds has nothing to say.
    guard damaged || !command.hasPrefix("prl2raw") else { return }
    #expect(text.contains(#"a\x1b[31m\x0aprlconv: error: b"#), "\(text)")
  }

  @Test("JSON has the name as it is")
  func json() throws {
    let name = "a\u{1B}\n\"\\\u{7F}\u{85}ä"
    try folder.write(DamagedImage.sound().file, to: name)
    try Shell.prepare(#"mkdir one; mv a* one"#, in: folder)
    let report = try JSONReport(Shell.run(#"cd one; "$PRLCONV" check --output json *"#, in: folder))
    #expect(report.object["filename"] as? String == name)
  }

  /// Swift would replace the bytes, so the name would be that of another file, which may be there.
  @Test("Bytes that are not text are refused", arguments: ["info", "check", "prl2raw", "raw2prl -o"])
  func notText(command: String) throws {
    try folder.write(DamagedImage.sound().file, to: "a\u{FFFD}")
    let outcome = try Shell.run(#""$PRLCONV" \#(command) $'a\xff'"#, in: folder)
    expectError(outcome, status: 64, saying: ["UTF-8"])
    #expect(outcome.standardOutput.isEmpty && folder.names == ["a\u{FFFD}"])
  }

  @Test("The name of the tool itself does not matter")
  func toolName() throws {
    expectSilentSuccess(try Shell.run(#"exec -a $'x\xff' "$PRLCONV" --version"#, in: folder))
  }

  /// Neither the folder nor the link's target can be named, and others of nearly the same name must be left alone.
  @Test("What is replaced is never another file")
  func otherFile() throws {
    try folder.write(SparseDisk(numberedMegabytes: 1), to: "in")
    let outcome = try Shell.run(
      #"""
      mkdir $'d\xff' $'d\xef\xbf\xbd'; echo old > $'t\xff'; ln -s $'t\xff' link
      (cd $'d\xff'; "$PRLCONV" raw2prl ../in out && "$PRLCONV" raw2prl -f ../in out; echo $?)
      "$PRLCONV" raw2prl -f in link; echo $?
      TMPDIR=$'d\xff' "$PRLCONV" raw2prl in new; echo $?
      cat $'t\xff'; ls $'d\xef\xbf\xbd'; ls | wc -l
      """#, in: folder)
    #expect(outcome.printed == "0\n1\n64\nold\n5\n", "\(outcome.printed) \(outcome)")
  }

  @Test("The hint for such names works")
  func hint() throws {
    try folder.write(DamagedImage.sound().file, to: "image")
    let outcome = try Shell.run(
      #"mv image $'a\xff'; "$PRLCONV" prl2raw < $'a\xff' > disk && "$PRLCONV" check - < $'a\xff'"#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }
}
