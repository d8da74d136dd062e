import TestSupport
import Testing

extension Tools {
  static let mandoc = Shell.isInstalled("mandoc")
  /// man-db's `man`, which reports what roff finds wrong.
  static let manWarnings = Shell.works("printf '.TH a 1\n' > a.1 && man --warnings -l -Tutf8 -Z a.1")
}

@Suite("The committed man pages")
struct ManPageTests {
  let folder = TemporaryFolder()

  @Test("The pages say what the tool says", .enabled(if: Tools.python, "needs python3"))
  func upToDate() throws {
    expectSilentSuccess(
      try Shell.run(#"'\#(Project.folder)/Documentation/tools/man-pages' --check "$PRLCONV""#, in: folder))
  }

  @Test("mandoc finds no fault", .enabled(if: Tools.mandoc, "needs mandoc"), arguments: Documented.allCases)
  func mandoc(documented: Documented) throws {
    // Whether other manuals are there, and how old the list of them is, is the machine's business.
    let outcome = try Shell.run("mandoc -T lint '\(documented.page)' 2>&1", in: folder)
    let found = outcome.printed.split(separator: "\n")
      .filter { !$0.contains("referenced manual not found") && !$0.contains("outdated mandoc.db") }
    #expect(found.isEmpty)
  }

  @Test("roff finds no fault", .enabled(if: Tools.manWarnings, "needs man-db"), arguments: Documented.allCases)
  func roff(documented: Documented) throws {
    expectSilentSuccess(try Shell.run("MANWIDTH=80 man --warnings -l -Tutf8 -Z '\(documented.page)'", in: folder))
  }

  @Test(
    "A page has the examples of the help", .enabled(if: Tools.mandoc, "needs mandoc"), arguments: Documented.allCases)
  func examples(documented: Documented) throws {
    let page = try Shell.prepare("mandoc -T utf8 -O width=200 '\(documented.page)'", in: folder).printed
    for example in try ExampleTests.lines(of: documented, in: folder) {
      #expect(page.split(separator: "\n").contains { $0.drop { $0 == " " } == example }, "\(example) \(page)")
    }
  }
}
