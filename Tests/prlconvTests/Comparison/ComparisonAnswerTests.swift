import Foundation
import TestSupport
import Testing

@Suite("What compare answers, and when it has no answer")
struct ComparisonAnswerTests {
  let folder = TemporaryFolder()

  private func makeDisks(changedAt place: Int? = nil) throws {
    try folder.write(ComparedDisk.mixed, to: "a")
    try folder.write(place.map { ComparedDisk.mixed(changedAt: $0) } ?? ComparedDisk.mixed, to: "b")
  }

  @Test("The report says that the disks are the same")
  func same() throws {
    try makeDisks()
    let outcome = try folder.compare("a", "b")
    expectSilentSuccess(outcome)
    #expect(outcome.printed == "'a' and 'b' are identical\n")
  }

  @Test("The report names the first difference")
  func difference() throws {
    try makeDisks(changedAt: 70_000)
    let outcome = try folder.compare("a", "b", over: .secondRedirected)
    #expect(outcome.ending == .status(1) && outcome.standardError.isEmpty)
    #expect(outcome.printed == "'a' and '-' differ at byte 70000\n")
  }

  @Test("--quiet answers by the status alone", arguments: [nil, 70_000])
  func quiet(place: Int?) throws {
    try makeDisks(changedAt: place)
    let outcome = try folder.compare("a", "b", "-q")
    #expect(outcome.ending == .status(place == nil ? 0 : 1))
    #expect(outcome.standardOutput.isEmpty && outcome.standardError.isEmpty, "\(outcome)")
  }

  /// A pipe is not read to its end when the answer is known.
  @Test("A size that is not known is null")
  func unknownSize() throws {
    try makeDisks(changedAt: 70_000)
    let report = try ComparisonReport(folder.compare("a", "b", "--output json", over: .firstByPipe))
    #expect(report.firstSize == nil && report.secondSize == ComparedDisk.byteCount)
  }

  @Test("Nothing is written", arguments: [nil, 70_000], Exhaustive.comparisonEnds)
  func readOnly(place: Int?, ends: ComparisonEnds) throws {
    // Out of order: through a pipe this takes a temporary file, which has to be gone.
    try DiskForm.image(legacy: false, clusterByteCount: 65536, inOrder: false)
      .write(ComparedDisk.mixed, to: "a", in: folder)
    try DiskForm.image(legacy: true, clusterByteCount: 512, inOrder: false)
      .write(place.map { ComparedDisk.mixed(changedAt: $0) } ?? ComparedDisk.mixed, to: "b", in: folder)
    let script = "stat -c '%n %s %y %i' a b; cat a b | cksum"
    let before = try Shell.prepare(script, in: folder).printed
    _ = try folder.compare("a", "b", "-T 3", over: ends)
    #expect(try Shell.prepare(script, in: folder).printed == before)
    #expect(folder.names == ["a", "b"])
  }

  private func expectNoAnswer(
    _ first: String, _ second: String, over ends: ComparisonEnds = .files, saying parts: [String] = [],
    at location: SourceLocation = #_sourceLocation
  ) throws {
    for options in ["", "-q", "--output json"] {
      let outcome = try folder.compare(first, second, options, over: ends)
      expectError(outcome, status: 2, saying: parts, at: location)
      #expect(outcome.standardOutput.isEmpty, "\(outcome)", sourceLocation: location)
    }
  }

  @Test("A missing disk gives no answer")
  func missing() throws {
    try folder.write([1], to: "a")
    try expectNoAnswer("a", "nothing", saying: ["'nothing'", "No such file"])
    try expectNoAnswer("nothing", "a", saying: ["'nothing'", "No such file"])
    try expectNoAnswer("a", ".", saying: ["'.'", "directory"])
  }

  @Test(
    "A damaged image gives no answer",
    arguments: DamagedImage.hopeless.filter { $0.testDescription != "bad magic" && $0.file.byteCount > 16 })
  func damaged(image: DamagedImage) throws {
    try folder.write(image.file, to: "a")
    try folder.write(DamagedImage.disk(), to: "b")
    try expectNoAnswer("a", "b", saying: ["'a'"])
    try expectNoAnswer("b", "a", over: .secondByPipe, saying: ["'stdin'"])
  }

  @Test("An image that might not convert gives no answer", arguments: [HandMadeImage.open, HandMadeImage.closed])
  func dirty(inUse: UInt32) throws {
    var image = DamagedImage.sound()
    image.inUse = inUse
    if inUse == HandMadeImage.closed { image.entries[0] = 1000 }
    try folder.write(image.file, to: "a")
    try expectNoAnswer("a", "a", saying: ["'a'"])
  }

  @Test("A hint names the command whose option it recommends", arguments: ["compare a a", "map a"])
  func hint(command: String) throws {
    var image = DamagedImage.sound()
    image.entries[0] = 1000
    try folder.write(image.file, to: "a")
    let outcome = try Shell.run(#""$PRLCONV" \#(command)"#, in: folder)
    #expect(outcome.standardError.contains("\nprlconv: hint: prl2raw --salvage converts "), "\(outcome)")
  }

  @Test("An image that is cut gives no answer", arguments: [ComparisonEnds.files, .secondByPipe])
  func cutImage(ends: ComparisonEnds) throws {
    var image = DamagedImage.sound()
    image.contents.resize(to: image.contents.byteCount - 1024)
    try folder.write(DamagedImage.disk(), to: "a")
    try folder.write(image.file, to: "b")
    try expectNoAnswer("a", "b", over: ends)
  }

  @Test(
    "Truncated gzip gives no answer", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: [ComparisonEnds.files, .firstByPipe, .firstRedirected])
  func cutGzip(ends: ComparisonEnds) throws {
    try makeDisks()
    try Shell.prepare(
      "gzip -1c a > whole.gz && head -c -3 whole.gz > cut.gz && head -c 9 whole.gz > head.gz", in: folder)
    try expectNoAnswer("cut.gz", "b", over: ends)
    try expectNoAnswer("head.gz", "b", over: ends)
  }

  @Test(
    "An image in gzip gives no answer", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: [ComparisonEnds.files, .firstByPipe])
  func imageInGzip(ends: ComparisonEnds) throws {
    try folder.write(DamagedImage.sound().file, to: "a")
    try Shell.prepare("gzip -c a > a.gz", in: folder)
    try expectNoAnswer("a.gz", "a", over: ends, saying: ["compressed"])
  }

  /// If you ask for the first difference, what comes after it does not matter.
  @Test(
    "Damage after the first difference does not matter", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: ["-T 1", "-T 8"])
  func damageAfterDifference(threads: String) throws {
    try makeDisks(changedAt: 5)
    try Shell.prepare("gzip -1c a > whole.gz && head -c -3 whole.gz > cut.gz", in: folder)
    try folder.expectDifference(at: 5, "cut.gz", "b", threads)
    try makeDisks(changedAt: ComparedDisk.byteCount - 1)
    try Shell.prepare("head -c 2000 whole.gz > cut.gz", in: folder)
    #expect(try folder.compare("cut.gz", "b", threads).ending == .status(2))
  }

  @Test("Wrong usage gives no answer", arguments: ["- -", "a", "", "a b c", "--strict --unknown a b"])
  func wrongUsage(arguments: String) throws {
    try makeDisks()
    expectError(try Shell.run(#""$PRLCONV" compare \#(arguments)"#, in: folder), status: 64)
  }

  @Test("A report that cannot be written gives no answer", arguments: [nil, 70_000], ["", "--output json"])
  func unwritableReport(place: Int?, options: String) throws {
    try makeDisks(changedAt: place)
    let outcome = try Shell.run(#""$PRLCONV" compare \#(options) a b > /dev/full"#, in: folder)
    expectError(outcome, status: 2, saying: ["'stdout'", "No space left"])
  }

  /// Each of the first calls that read, one in every run.
  @Test(
    "A disk that cannot be read gives no answer", .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"),
    arguments: ["pread", "read", "fstat", "open"])
  func unreadable(kind: String) throws {
    try makeDisks()
    let outcome = try Shell.run(
      """
      for FAULT_AT in 1 2 3 4 5 6; do
        export FAULT_AT
        cat a | "$PRLCONV" compare -T1 - b > /dev/null 2> messages
        echo $? $(grep -c '^prlconv: error: ' messages) $(wc -l < log)
        rm -f log
      done
      """, in: folder,
      environment: FaultShim.environment(.error(EIO), of: kind).merging(["FAULT_LOG": folder("log")]) { $1 })
    let lines = outcome.printed.split(separator: "\n")
    #expect(lines.contains("2 1 1"), "\(outcome.printed)")
    // Still right where there are fewer calls, or where it does not need what the call returns.
    let isFavour = kind == "fstat"
    #expect(
      lines.allSatisfy { $0 == "2 1 1" || $0 == "0 0" || (isFavour && $0 == "0 0 1") }, "\(outcome.printed)")
  }
}
