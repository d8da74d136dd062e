import Foundation
import TestSupport
import Testing

@Suite("How large an image will be, compared with the image itself")
struct MeasureTests {
  /// How a raw disk reaches the tool.
  enum Way: CaseIterable {
    case file, redirected, pipe, gzip, gzipPipe

    static let all = Tools.gzip ? allCases : [.file, .redirected, .pipe]

    var isCompressed: Bool { self == .gzip || self == .gzipPipe }

    /// A script that gives the disk to `command`, which an output may follow.
    func script(_ command: String, _ output: String = "") -> String {
      switch self {
      case .file: "\(command) disk.img \(output)"
      case .redirected: "\(command) - \(output) < disk.img"
      case .pipe: "cat disk.img | \(command) - \(output)"
      case .gzip: "\(command) disk.gz \(output)"
      case .gzipPipe: "cat disk.gz | \(command) - \(output)"
      }
    }
  }

  let folder = TemporaryFolder()

  private func makeDisk(_ disk: SparseDisk) throws {
    try folder.write(disk, to: "disk.img")
    if Tools.gzip { try Shell.prepare("gzip -1nc disk.img > disk.gz", in: folder) }
  }

  /// The two sizes in the one object that is printed.
  private func sizes(_ outcome: Outcome) throws -> (required: Int, full: Int) {
    expectSilentSuccess(outcome)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput)) as? [String: Int]
    let report = try #require(object, "\(outcome)")
    #expect(report.keys.sorted() == ["fully-allocated", "required"])
    return try (#require(report["required"]), #require(report["fully-allocated"]))
  }

  /// Measures and converts, and compares what was said with what was written.
  private func expectTruth(_ options: String, by way: Way) throws {
    let names = folder.names
    let options = try options + folder.sizeOption(for: "disk.img")
    let measured = try sizes(
      Shell.run(way.script(#""$PRLCONV" measure --output json \#(options)"#), in: folder))
    #expect(folder.names == names)
    let made = try Shell.run(
      way.script(#""$PRLCONV" raw2prl -q \#(options)"#, "made.hds") + " && "
        + way.script(#""$PRLCONV" raw2prl -q --allocated \#(options)"#, "full.hds"), in: folder)
    expectSilentSuccess(made)
    #expect(try measured.required == folder.byteCount(of: "made.hds"), "\(options) \(way)")
    #expect(try measured.full == folder.byteCount(of: "full.hds"), "\(options) \(way)")
    try Shell.prepare("rm made.hds full.hds", in: folder)
  }

  @Test(
    "The required size is that of the image", arguments: Exhaustive.shapes,
    Exhaustive.cases([512, 63 * 512, 64 << 10, 1 << 20]))
  func shapes(shape: DiskShape, clusterByteCount size: Int) throws {
    let disk = shape.disk(clusterByteCount: size)
    try makeDisk(disk)
    let options = ["", "--layout legacy", "--allocated", "--size \(disk.byteCount + 3 * size + 7)", "-T 1"]
    // For each shape other options, and each option with another way.
    let shift = DiskShape.allCases.firstIndex(of: shape) ?? 0
    for (index, option) in options.enumerated() where index % 2 == shift % 2 {
      try expectTruth("\(option) --cluster-size \(size)", by: Way.all[(index + shift) % Way.all.count])
    }
  }

  @Test(
    "Every option counts, whatever the input", arguments: Exhaustive.cases(Way.all, brief: 3),
    ["", "--layout legacy", "--allocated", "--size 10M", "--layout=legacy -s 9M --allocated"])
  func options(way: Way, options: String) throws {
    try makeDisk(ComparedDisk.mixed)
    try expectTruth(options + " --cluster-size 64K", by: way)
  }

  @Test(
    "A table that outgrows its room counts", arguments: Exhaustive.cases(Way.all, brief: 3),
    Exhaustive.cases([(512, 1), (512, 699), (4096, 1500)]))
  func outgrown(way: Way, shape: (clusterByteCount: Int, cluster: Int)) throws {
    var disk = SparseDisk(byteCount: 2000 * shape.clusterByteCount)
    disk.put([1], at: shape.cluster * shape.clusterByteCount)
    try makeDisk(disk)
    try expectTruth("--cluster-size \(shape.clusterByteCount)", by: way)
  }

  @Test("A Parallels image is measured as data when asked")
  func forcedRaw() throws {
    try folder.write(HandMadeImage(places: [0, 1]).file, to: "disk.img")
    try expectTruth("--input-format raw", by: .file)
  }

  @Test("A TiB of holes is measured without reading it")
  func holes() throws {
    var disk = SparseDisk(byteCount: 1 << 40)
    disk.put([1], at: (1 << 40) - 1)
    try folder.write(disk, to: "disk.img")
    let outcome = try Shell.run(#""$PRLCONV" measure --output json disk.img"#, in: folder, atMost: 60)
    // Header and table take 5 clusters.
    let measured = try sizes(outcome)
    #expect(measured.required == 6 << 20 && measured.full == (5 << 20) + 1 << 40)
  }

  @Test("The report has two lines")
  func report() throws {
    try folder.write(SparseDisk(numberedMegabytes: 10), to: "disk.img")
    let outcome = try Shell.run(#""$PRLCONV" measure disk.img"#, in: folder)
    expectSilentSuccess(outcome)
    #expect(
      outcome.printed == """
        required size: 10 MiB (10485760 bytes)
        fully allocated size: 11 MiB (11534336 bytes)

        """)
  }

  @Test("Without a name, standard input is measured")
  func standardInput() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    let outcome = try Shell.run(#"cat disk.img | "$PRLCONV" measure --output=json"#, in: folder)
    #expect(try sizes(outcome).required == 3 << 20)
  }

  @Test(
    "Damaged gzip is an error", .enabled(if: Tools.gzip, "needs gzip"), arguments: [Way.gzip, .gzipPipe], [3, 1000])
  func damagedGzip(way: Way, missing: Int) throws {
    try makeDisk(ComparedDisk.mixed)
    try Shell.prepare("truncate -s -\(missing) disk.gz", in: folder)
    let outcome = try Shell.run(way.script(#""$PRLCONV" measure --output json"#), in: folder)
    expectError(outcome)
    #expect(outcome.standardOutput.isEmpty)
    #expect(folder.names == ["disk.gz", "disk.img"])
  }

  @Test("A cluster size that makes no sense is wrong usage", arguments: ["0", "63", "1000"], ["measure", "raw2prl"])
  func clusterSize(size: String, command: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    let outcome = try Shell.run(
      #""$PRLCONV" \#(command) --cluster-size \#(size) disk.img \#(command == "measure" ? "" : "out")"#, in: folder)
    #expect(outcome.ending == .status(64) && folder.names == ["disk.img"], "\(outcome)")
  }

  @Test(
    "What cannot be converted is not measured",
    arguments: ["nothing", ".", "-s 1M disk.img", "--layout legacy -s 3T disk.img"]
      // What is more than any disk would overflow in a product if it came that far.
      + ["--size 18446744073709551615 disk.img", "-s 18446744073708503041 disk.img"]
      + ["--cluster-size 9223372036854775808 --size 9223372036854775809 disk.img"])
  func refused(arguments: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    let outcome = try Shell.run(#""$PRLCONV" measure \#(arguments)"#, in: folder)
    expectError(outcome)
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test("A report that cannot be written is an error")
  func fullDevice() throws {
    try folder.write([1], to: "disk.img")
    expectError(
      try Shell.run(#""$PRLCONV" measure disk.img > /dev/full"#, in: folder), saying: ["'stdout'", "No space left"])
  }

  @Test("Nothing is written", arguments: Exhaustive.cases(Way.all, brief: 3))
  func readOnly(way: Way) throws {
    try makeDisk(ComparedDisk.mixed)
    let script = "stat -c '%n %s %y %i' *; cat disk.* | cksum"
    let before = try Shell.prepare(script, in: folder).printed
    // Not even a temporary file.
    let outcome = try Shell.run("export TMPDIR=/nonexistent; " + way.script(#""$PRLCONV" measure"#), in: folder)
    expectSilentSuccess(outcome)
    #expect(try Shell.prepare(script, in: folder).printed == before)
  }
}
