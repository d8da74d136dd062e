import TestSupport
import Testing

@Suite("The examples at the end of each help")
struct ExampleTests {
  let folder = TemporaryFolder()

  /// Command lines in the help, in their order.
  static func lines(of documented: Documented, in folder: TemporaryFolder) throws -> [String] {
    let help = try Shell.prepare(#""$PRLCONV" \#(documented.helpOption)"#, in: folder).printed
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { $0 != "EXAMPLES:" }.filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
  }

  /// The files that the examples begin with.
  private static func inputs(of documented: Documented) -> [String] {
    switch documented {
    case .prlconv: ["disk.img"]
    case .raw2prl, .measure: ["disk.img", "disk.raw.gz"]
    case .prl2raw: ["disk.hds", "damaged.hds"]
    case .prl2prl: ["disk.hdd", "disk.hds", "damaged.hds"]
    case .info, .check, .map: ["disk.hds"]
    case .compare: ["disk.img", "disk.raw.gz", "disk.hds"]
    }
  }

  /// Makes the files, the tool's name, and a host that can be reached: this one.
  private func prepare(_ inputs: [String]) throws {
    let store = TemporaryFolder()
    try store.write(SparseDisk(numberedMegabytes: 5), to: "disk.img")
    try Shell.prepare(
      """
      "$PRLCONV" raw2prl --new-bitmap 6fe9a3c2-0b5d-4c0e-9a52-3d1f6f3f8b11 disk.img disk.hds
      "$PRLCONV" prl2raw disk.hds disk.raw.gz
      head -c 3000000 disk.hds > damaged.hds
      "$PRLCONV" prl2prl -q disk.hds disk.hdd
      """, in: store)
    try Shell.prepare("cd '\(store.path)' && cp -r \(inputs.joined(separator: " ")) '\(folder.path)'", in: store)
    try Shell.prepare(
      #"""
      mkdir bin && ln -s "$PRLCONV" bin/prlconv
      printf '#!/bin/sh\nshift\nexec sh -c "$*"\n' > bin/ssh && chmod +x bin/ssh
      """#, in: folder)
  }

  @Test("The help ends with three examples", arguments: Documented.allCases)
  func three(documented: Documented) throws {
    #expect(try Self.lines(of: documented, in: folder).count == 3)
    let help = try Shell.run(#""$PRLCONV" \#(documented.helpOption)"#, in: folder).printed
    #expect(help.split(separator: "\n").last?.hasPrefix("    ") == true)
    #expect(help.split(separator: "\n").allSatisfy { !$0.hasPrefix("    ") || $0.count <= 80 })
  }

  @Test("The examples work as they stand", arguments: Documented.allCases)
  func work(documented: Documented) throws {
    try prepare(Self.inputs(of: documented))
    for line in try Self.lines(of: documented, in: folder) where !line.contains("| jq ") || Shell.isInstalled("jq") {
      let outcome = try Shell.run(#"PATH="$PWD/bin:$PATH"; \#(line)"#, in: folder)
      #expect(outcome.ending == .status(line.contains("--salvage") ? 2 : 0), "\(line): \(outcome)")
    }
  }

  @Test("The help command prints the same examples", arguments: Documented.allCases)
  func helpCommand(documented: Documented) throws {
    let command = documented == .prlconv ? "" : "help \(documented.rawValue)"
    let help = try Shell.run(#""$PRLCONV" \#(documented.helpOption)"#, in: folder).printed
    #expect(try Shell.run(#""$PRLCONV" \#(command)"#, in: folder).printed == help)
  }
}
