import TestSupport
import Testing

@Suite("What helps somebody who types something else")
struct HelpfulnessTests {
  let folder = TemporaryFolder()

  @Test(
    "An unknown command suggests the nearest one",
    arguments: [
      ("inof", "info"), ("chekc", "check"), ("prl2rwa", "prl2raw"), ("raw2pr", "raw2prl"), ("comapre", "compare"),
      ("INFO", nil), ("disk.hds", nil),
    ])
  func suggestion(typed: String, meant: String?) throws {
    let outcome = try Shell.run(#""$PRLCONV" \#(typed) disk.hds"#, in: folder)
    expectError(outcome, status: 64, saying: ["unknown command '\(typed)'"])
    let hint = meant.map { "did you mean prlconv \($0)?" } ?? "prlconv --help lists the commands"
    #expect(outcome.messages.last == "prlconv: hint: \(hint)")
  }

  @Test("The hint of wrong usage names the command", arguments: ["raw2prl", "check", "compare"])
  func wrongUsage(command: String) throws {
    let outcome = try Shell.run(#""$PRLCONV" \#(command) --unknown"#, in: folder)
    #expect(outcome.messages.last == "prlconv: hint: see prlconv \(command) --help")
  }

  @Test(
    "A name that promises another format is refused without --force",
    arguments: [
      ("raw2prl disk.img", "out.qcow2"), ("raw2prl disk.img", "out.hds.gz"), ("raw2prl disk.img", "out.XZ"),
      ("raw2prl disk.img", "out.raw"), ("prl2raw disk.hds", "out.hds"), ("prl2raw disk.hds", "out.hds.gz"),
      ("prl2raw disk.hds", "out.vmdk"), ("prl2raw disk.hds", "out.img.zst"), ("prl2raw -z disk.hds", "out.tar.gz"),
      ("prl2prl disk.hds", "out.bz2"),
    ])
  func misleadingName(command: String, name: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    try Shell.prepare(#""$PRLCONV" raw2prl disk.img disk.hds"#, in: folder)
    expectError(
      try Shell.run(#""$PRLCONV" \#(command) \#(name)"#, in: folder), status: 64, saying: ["ends in .", "--force"])
    #expect(!folder.contains(name))
    #expect(try Shell.run(#""$PRLCONV" \#(command) -f \#(name)"#, in: folder).isSuccess)
  }

  @Test(
    "Other names are left alone",
    arguments: [
      ("raw2prl disk.img", "out"), ("raw2prl disk.img", "v1.2"), ("raw2prl disk.img", ".xz"),
      ("prl2raw disk.hds", "out.raw.gz"), ("prl2raw disk.hds", "disk.iso"), ("prl2raw disk.hds", "a.xz.d"),
    ])
  func innocentName(command: String, name: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    try Shell.prepare(#""$PRLCONV" raw2prl disk.img disk.hds"#, in: folder)
    #expect(try Shell.run(#""$PRLCONV" \#(command) \#(name)"#, in: folder).isSuccess)
  }

  @Test("Help says what the exit statuses mean, and nothing twice")
  func help() throws {
    for command in ["raw2prl", "prl2raw", "prl2prl", "info", "check", "map", "compare", "measure"] {
      let text = try Shell.run(#""$PRLCONV" \#(command) --help"#, in: folder).printed
      #expect(text.contains("EXIT STATUS:\n  0 "))
      #expect(!text.contains("human or json"))
    }
  }
}
