import TestSupport
import Testing

@Suite("What can be typed, and what is refused as wrong usage")
struct CommandLineTests {
  let folder = TemporaryFolder()

  private func run(_ arguments: String) throws -> Outcome {
    try Shell.run(#""$PRLCONV" \#(arguments)"#, in: folder)
  }

  /// Two files that can be converted, and what they become.
  private func makeFiles() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    try folder.write(HandMadeImage(places: [1, 0]).file, to: "image.hds")
    try folder.write(HandMadeImage.disk(places: [1, 0]), to: "expected.img")
    expectSilentSuccess(try run("raw2prl disk.img expected.hds"))
  }

  @Test(
    "A bad size is wrong usage",
    arguments: [
      "1.5G", "-1", "0x10", "1e6", "", "G", "M1", "1 M", "10Q", "1MM", "1mib", "1KB", "１", "18446744073709551616",
      "16777216T", "9223372036854775808k",
    ])
  func badSizes(size: String) throws {
    try makeFiles()
    for option in ["--size", "--cluster-size"] {
      let outcome = try run("raw2prl \(option)='\(size)' disk.img out")
      expectError(outcome, status: 64)
    }
    expectError(try run("prl2raw --sparse-size='\(size)' image.hds out"), status: 64)
    #expect(!folder.contains("out"))
  }

  @Test(
    "The units of sizes are powers of two",
    arguments: [
      ("10485760", 10), ("10240k", 10), ("10240K", 10), ("10M", 10), ("10MiB", 10), ("20480s", 10), ("1G", 1024),
      ("1GiB", 1024), ("10240KiB", 10), ("1T", 1 << 20), ("1TiB", 1 << 20),
    ])
  func units(size: String, megabytes: UInt64) throws {
    try folder.write([], to: "disk.img")
    expectSilentSuccess(try run("raw2prl -s \(size) disk.img out"))
    let header = try folder.bytes(of: "out").prefix(64)
    let sectors = header[36..<44].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    #expect(sectors == megabytes * 2048)
  }

  @Test(
    "Wrong usage ends with status 64",
    arguments: [
      "", "convert disk.img out", "raw2raw disk.img out", "raw2prl --layout v3 disk.img out",
      "raw2prl --layout disk.img out=",
      "raw2prl --unknown disk.img out", "prl2raw --layout ext image.hds out", "raw2prl --salvage disk.img out",
      "raw2prl disk.img out more", "raw2prl -T disk.img out", "raw2prl -T -1 disk.img out", "raw2prl -T x disk.img out",
      "raw2prl -T 1000000 disk.img out", "raw2prl disk.img -o", "raw2prl -q -v disk.img out",
      "raw2prl disk.img out -o other", "prl2raw -S 100 image.hds out", "raw2prl --stats xml disk.img out",
      "raw2prl --progress-format gif disk.img out", "raw2prl --input-format qcow2 disk.img out",
      "raw2prl --progress --no-progress disk.img out", "-- raw2prl disk.img out",
    ])
  func wrongUsage(arguments: String) throws {
    try makeFiles()
    let outcome = try run(arguments)
    // Nothing at all is a question for help.
    guard !arguments.isEmpty else { return #expect(outcome.printed.contains("raw2prl"), "\(outcome)") }
    expectError(outcome, status: 64)
    #expect(outcome.standardOutput.isEmpty)
    #expect(!folder.contains("out") && !folder.contains("other"))
  }

  @Test(
    "One conversion can be typed in many ways",
    arguments: [
      "raw2prl disk.img out", "raw2prl disk.img -o out", "raw2prl -o out disk.img", "raw2prl --output out disk.img",
      "raw2prl --output=out disk.img", "raw2prl disk.img out -T4", "raw2prl disk.img -T 4 out",
      "raw2prl -T4 -- disk.img out", "raw2prl --threads=4 disk.img out",
      "raw2prl disk.img -f out", "raw2prl -- disk.img out", "raw2prl - out < disk.img", "raw2prl disk.img - > out",
      "raw2prl disk.img -o - > out", "raw2prl - -o out < disk.img", "raw2prl - - < disk.img > out",
      "raw2prl < disk.img > out", "raw2prl -T0 disk.img out", "raw2prl -q --sync disk.img out",
      "raw2prl --cluster-size 1M --layout ext --input-format auto disk.img out",
    ])
  func sameConversion(arguments: String) throws {
    try makeFiles()
    expectSilentSuccess(try run(arguments))
    #expect(try folder.difference("expected.hds", "out") == nil)
  }

  @Test("A dash after two dashes is still a stream")
  func dashAfterDashes() throws {
    try makeFiles()
    expectSilentSuccess(try run("prl2raw -- - out < image.hds"))
    #expect(try folder.difference("expected.img", "out") == nil)
  }

  @Test("A file that is named \"-\" can be given by its path")
  func fileNamedDash() throws {
    try makeFiles()
    expectSilentSuccess(try run("prl2raw image.hds ./-"))
    #expect(try folder.difference("expected.img", "-") == nil)
    expectSilentSuccess(try run("raw2prl ./- back.hds"))
    #expect(try folder.byteCount(of: "back.hds") > 0)
  }

  @Test("Names can hold any characters", arguments: ["-disk.img", "a disk.img", "dïsk \u{1F4BE}.img", "disk\nimg"])
  func oddNames(name: String) throws {
    try makeFiles()
    try folder.write(SparseDisk(numberedMegabytes: 2), to: name)
    expectSilentSuccess(try run("raw2prl -- '\(name)' '\(name).out'"))
    #expect(try folder.difference("expected.hds", "\(name).out") == nil)
  }

  @Test("The version is printed on standard output", arguments: ["--version"])
  func version(option: String) throws {
    let outcome = try run(option)
    expectSilentSuccess(outcome)
    #expect(outcome.printed.contains("."))
    #expect(outcome.printed.last == "\n" && outcome.printed.split(separator: "\n").count == 1)
  }

  @Test(
    "The help is printed on standard output",
    arguments: ["--help", "-h", "raw2prl --help", "prl2raw --help", "prl2raw -h", "help raw2prl"])
  func help(arguments: String) throws {
    let outcome = try run(arguments)
    expectSilentSuccess(outcome)
    #expect(outcome.printed.contains("USAGE: prlconv"))
  }

  @Test("The help names every option")
  func allOptions() throws {
    let shared = ["-o", "--output", "-f", "--force", "-T", "--threads", "-p", "--progress", "--no-progress"]
    let more = ["--progress-format", "-q", "--quiet", "-v", "--verbose", "--sync", "--stats"]
    let own = [
      "raw2prl": ["-s", "--size", "--cluster-size", "--layout", "--allocated", "--input-format"],
      "prl2raw": ["-S", "--sparse-size", "--target-is-zero", "--salvage", "--allow-dirty"],
    ]
    for (command, options) in own {
      let help = try run("\(command) --help").printed
      for option in shared + more + options { #expect(help.contains(option), "\(command) \(option)") }
    }
  }
}
