import TestSupport
import Testing

@Suite(
  "What a shell offers at a tab, once the completions are installed",
  .enabled(if: Tools.install, "needs make, install and strip"))
struct CompletionTests {
  let root = TemporaryFolder()
  let folder = TemporaryFolder()

  private let names = ["backup.hdd", "copy.raw", "disk.hds", "disk.img", "disk.raw.gz", "notes.txt", "below"]

  /// A command line, and which of `names`, or which words, are offered for it.
  private let expectations: [(line: String, offered: [String])] = [
    ("prlconv ", ["raw2prl", "prl2raw", "prl2prl", "info", "check", "map", "compare", "measure"]),
    ("prlconv raw2prl ", ["copy.raw", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv raw2prl disk.img ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv raw2prl disk.img -o ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv prl2raw ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv prl2raw d", ["disk.hds"]),
    ("prlconv prl2raw disk.hds ", ["copy.raw", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv info ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv check ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv map ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv prl2prl ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv prl2prl disk.hds ", ["backup.hdd", "below"]),
    ("prlconv measure ", ["backup.hdd", "copy.raw", "disk.hds", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv compare ", ["backup.hdd", "copy.raw", "disk.hds", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv raw2prl --layout ", ["ext", "legacy"]),
    ("prlconv info --output ", ["human", "json"]),
  ]

  @Test("Files of the right kind are offered", arguments: CompletingShell.installed)
  func files(shell: CompletingShell) throws {
    expectSilentSuccess(try root.make("install"))
    try Shell.prepare("mkdir below && touch \(names.filter { $0 != "below" }.joined(separator: " "))", in: folder)
    try folder.write(Array(shell.script.utf8), to: "script")
    for (line, offered) in Exhaustive.cases(expectations, brief: 5) {
      let outcome = try Shell.run(
        #"PATH="$ROOT/usr/bin:$PATH" \#(shell.command) '\#(line)'"#, in: folder,
        environment: ["ROOT": root.path, "XDG_DATA_DIRS": "\(root.path)/usr/share"], atMost: 60)
      #expect(outcome.isSuccess, "\(line): \(outcome)")
      for word in offered { #expect(outcome.printed.contains(word), "\(line): \(outcome.printed)") }
      for name in names where !offered.contains(name) && !line.contains(name) {
        #expect(!outcome.printed.contains(name), "\(line): \(outcome.printed)")
      }
    }
  }
}
