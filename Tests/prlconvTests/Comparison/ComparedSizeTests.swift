import TestSupport
import Testing

@Suite("Comparisons of disks that differ in size")
struct ComparedSizeTests {
  let folder = TemporaryFolder()

  /// Makes `a` of some bytes, and `b` of the same followed by this.
  private func makeDisks(
    _ byteCount: Int, tail: [UInt8], at place: Int = 0, longer: Int, form: DiskForm = .raw
  ) throws {
    var disk = SparseDisk(byteCount: byteCount)
    disk.put(Filling.cluster(1, byteCount: byteCount), at: 0)
    try folder.write(disk, to: "a")
    disk.resize(to: longer)
    disk.put(tail, at: place)
    try form.write(disk, to: "b", in: folder)
  }

  @Test("Zeros after the shorter disk are a warning", arguments: Exhaustive.someForms, Exhaustive.comparisonEnds)
  func zeros(form: DiskForm, ends: ComparisonEnds) throws {
    try makeDisks(3 << 19, tail: [0, 0], at: 2 << 20, longer: (5 << 20) + 512, form: form)
    let outcome = try folder.compare("a", "b", "--output json", over: ends)
    #expect(outcome.isSuccess && outcome.messages.count == 1, "\(outcome)")
    #expect(outcome.standardError.hasPrefix("prlconv: warning: ") && outcome.standardError.contains("size"))
    let report = try ComparisonReport(outcome)
    #expect(report.isIdentical == true && report.firstDifference == nil)
    #expect(report.firstSize == 3 << 19 && report.secondSize == (5 << 20) + 512)
  }

  @Test(
    "Sizes that differ are a difference with --strict", arguments: Exhaustive.someForms,
    [ComparisonEnds.files, .secondByPipe])
  func strict(form: DiskForm, ends: ComparisonEnds) throws {
    try makeDisks(3 << 19, tail: [0, 0], at: 2 << 20, longer: (5 << 20) + 512, form: form)
    try folder.expectDifference(at: 3 << 19, "a", "b", "-s", over: ends)
    try folder.expectDifference(at: 3 << 19, "b", "a", "--strict", over: ends)
  }

  @Test(
    "The first difference is reported, with --strict or without", arguments: Exhaustive.someForms,
    Exhaustive.comparisonEnds)
  func firstDifference(form: DiskForm, ends: ComparisonEnds) throws {
    try makeDisks(3 << 19, tail: [0xEE], at: 1_234_567, longer: 5 << 20, form: form)
    for options in ["", "-s"] { try folder.expectDifference(at: 1_234_567, "a", "b", options, over: ends) }
  }

  @Test("--strict accepts disks of one size", arguments: Exhaustive.someForms, Exhaustive.comparisonEnds)
  func strictSameSize(form: DiskForm, ends: ComparisonEnds) throws {
    try folder.write(ComparedDisk.mixed, to: "a")
    try form.write(ComparedDisk.mixed, to: "b", in: folder)
    try folder.expectSame("a", "b", "-s", over: ends)
  }

  @Test(
    "Data after the shorter disk is a difference",
    arguments: Exhaustive.cases([3 << 19, (3 << 19) + 1, (2 << 20) - 1, 2 << 20, (4 << 20) + 100, (5 << 20) - 1]),
    Exhaustive.someForms)
  func data(place: Int, form: DiskForm) throws {
    try makeDisks(3 << 19, tail: [1], at: place, longer: 5 << 20, form: form)
    try folder.expectDifference(at: place, "a", "b", over: .files)
    try folder.expectDifference(at: place, "b", "a", over: .secondByPipe)
  }

  /// Its end was reached, so its size is known, whatever the threads did after it.
  @Test(
    "A stream that ends before the difference has a size", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: [ComparisonEnds.files, .firstByPipe], ["-T 1", "-T 8"])
  func earlyEnd(ends: ComparisonEnds, threads: String) throws {
    try makeDisks(1 << 20, tail: [1], at: 7 << 20, longer: 9 << 20)
    try Shell.prepare("gzip -1c a > a.gz; cat b | gzip -1c > b.gz", in: folder)
    let report = try ComparisonReport(folder.compare("a.gz", "b", "--output json \(threads)", over: ends))
    #expect(report.firstDifference == 7 << 20 && report.firstSize == 1 << 20 && report.secondSize == 9 << 20)
    let text = try folder.compare("a.gz", "b.gz", threads, over: ends).printed
    #expect(text.hasSuffix("differ at byte 7340032, after the end of the shorter disk\n"), "\(text)")
  }

  @Test("The report says that the difference is after the end of the shorter disk")
  func report() throws {
    try makeDisks(1000, tail: [1], at: 1500, longer: 2000)
    let outcome = try folder.compare("a", "b")
    #expect(outcome.printed == "'a' and 'b' differ at byte 1500, after the end of the shorter disk\n")
  }

  @Test(
    "A raw disk may end inside a sector",
    arguments: Exhaustive.cases([1, 511, 513, 1000, (1 << 20) - 1, (1 << 20) + 1, (2 << 20) + 77]), Exhaustive.someForms
  )
  func oddLength(byteCount: Int, form: DiskForm) throws {
    try makeDisks(byteCount, tail: [], longer: byteCount, form: form)
    let isRounded = byteCount % form.unitByteCount != 0
    for ends in [ComparisonEnds.files, .secondByPipe] {
      let outcome = try folder.compare("a", "b", "--output json", over: ends)
      #expect(outcome.isSuccess && outcome.standardError.isEmpty != isRounded, "\(outcome)")
      let report = try ComparisonReport(outcome)
      let rounded = (byteCount + form.unitByteCount - 1) / form.unitByteCount * form.unitByteCount
      #expect(report.firstSize == byteCount && report.secondSize == rounded)
    }
    try makeDisks(byteCount, tail: [0xDD], at: byteCount - 1, longer: byteCount, form: form)
    try folder.expectDifference(at: byteCount - 1, "a", "b")
  }

  @Test("Empty disks are the same", arguments: Exhaustive.forms, Exhaustive.someForms)
  func bothEmpty(first: DiskForm, second: DiskForm) throws {
    try first.write(SparseDisk([]), to: "a", in: folder)
    try second.write(SparseDisk([]), to: "b", in: folder)
    let ends = second == .raw ? ComparisonEnds.files : .firstByPipe
    // A stream without any bytes is refused, and gzip is one.
    guard first == .gzip || second == .gzip || (first == .raw && ends == .firstByPipe) else {
      return try folder.expectSame("a", "b", "-s", over: ends)
    }
    let outcome = try folder.compare("a", "b", "-s", over: ends)
    expectError(outcome, status: 2, saying: ["ended before its first byte"])
  }

  @Test(
    "An empty disk is followed by zeros", arguments: Exhaustive.someForms.filter { $0 != .gzip }, Exhaustive.someForms)
  func oneEmpty(first: DiskForm, second: DiskForm) throws {
    try first.write(SparseDisk([]), to: "a", in: folder)
    try second.write(SparseDisk(byteCount: 3 << 20), to: "b", in: folder)
    #expect(try folder.compare("a", "b", "-q").isSuccess)
    try folder.expectDifference(at: 0, "a", "b", "-s")
    var disk = SparseDisk(byteCount: 3 << 20)
    disk.put([9], at: (3 << 20) - 1)
    try second.write(disk, to: "b", in: folder)
    try folder.expectDifference(at: (3 << 20) - 1, "a", "b")
  }

  @Test("--quiet hides the warning")
  func quiet() throws {
    try makeDisks(1000, tail: [], longer: 2000)
    expectSilentSuccess(try folder.compare("a", "b", "-q"))
  }
}
