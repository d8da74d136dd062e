import TestSupport
import Testing

@Suite("Whether two disks are the same, whatever they are stored as")
struct DiskComparisonTests {
  let folder = TemporaryFolder()

  /// Every pairing gets one of the ways to come, and one of the bytes that are changed.
  @Test("Every pairing finds one changed byte", arguments: Exhaustive.forms, Exhaustive.forms)
  func pairings(first: DiskForm, second: DiskForm) throws {
    let number = (DiskForm.all.firstIndex(of: first) ?? 0) * 7 + (DiskForm.all.firstIndex(of: second) ?? 0)
    let ends = ComparisonEnds.allCases[number % ComparisonEnds.allCases.count]
    let place = ComparedDisk.places[number % ComparedDisk.places.count]
    try first.write(ComparedDisk.mixed, to: "a", in: folder)
    try second.write(ComparedDisk.mixed, to: "b", in: folder)
    try second.write(ComparedDisk.mixed(changedAt: place), to: "c", in: folder)
    try folder.expectSame("a", "b", over: ends)
    try folder.expectDifference(at: place, "a", "c", over: ends)
  }

  @Test("Every form can be read over all ends", arguments: Exhaustive.forms, Exhaustive.comparisonEnds)
  func ends(form: DiskForm, ends: ComparisonEnds) throws {
    try form.write(ComparedDisk.mixed, to: "a", in: folder)
    try folder.write(ComparedDisk.mixed, to: "b")
    try folder.expectSame("a", "b", "-T 3", over: ends)
  }

  @Test(
    "The place of the first difference is exact", arguments: Exhaustive.cases(ComparedDisk.places, brief: 4),
    Exhaustive.someForms)
  func exactPlace(place: Int, form: DiskForm) throws {
    try form.write(ComparedDisk.mixed, to: "a", in: folder)
    try folder.write(ComparedDisk.mixed(changedAt: place), to: "b")
    // Now in the first, now in the second.
    let names = place % 2 == 0 ? ["a", "b"] : ["b", "a"]
    try folder.expectDifference(at: place, names[0], names[1])
  }

  @Test("Of several differences, the first is reported", arguments: Exhaustive.cases(0..<4), Exhaustive.someForms)
  func several(index: Int, form: DiskForm) throws {
    var generator = SeededRandom("several differences", index)
    var disk = SparseDisk.random(clusterCount: 9, clusterByteCount: 300 * 512, using: &generator)
    disk.resize(to: disk.byteCount / 512 * 512)
    try form.write(disk, to: "a", in: folder)
    let bytes = disk.bytes
    let places = (0..<5).map { _ in Int.random(in: 0..<disk.byteCount, using: &generator) }
    for place in places { disk.put([bytes[place] ^ 0x40], at: place) }
    try folder.write(disk, to: "b")
    for options in ["-T 1", "-T 2", "-T 8"] {
      try folder.expectDifference(at: places.min() ?? 0, "a", "b", options)
    }
  }

  @Test(
    "Any number of threads gives the same answer", arguments: ["-T1", "-T 8", "--threads 64"], Exhaustive.someForms)
  func threads(threads: String, form: DiskForm) throws {
    var generator = SeededRandom("threads that compare")
    var disk = SparseDisk.random(clusterCount: 24, clusterByteCount: 256 << 10, using: &generator)
    disk.resize(to: 6 << 20)
    try form.write(disk, to: "a", in: folder)
    try folder.write(disk, to: "b")
    for ends in [ComparisonEnds.files, .firstByPipe] { try folder.expectSame("a", "b", threads, over: ends) }
    let place = Int.random(in: 0..<disk.byteCount, using: &generator)
    disk.put([~disk.bytes[place], 1, 2, 3], at: place)
    try folder.write(disk, to: "b")
    for ends in [ComparisonEnds.files, .firstByPipe] {
      try folder.expectDifference(at: place, "a", "b", threads, over: ends)
    }
  }

  @Test("A disk is the same as itself")
  func itself() throws {
    try folder.write(ComparedDisk.mixed, to: "a")
    try folder.expectSame("a", "a")
    try folder.expectSame("a", "a", over: .secondRedirected)
  }

  @Test("A redirected disk begins at its offset")
  func offset() throws {
    try folder.write(ComparedDisk.mixed, to: "a")
    try Shell.prepare("{ head -c 12345 /dev/urandom; cat a; } > long", in: folder)
    let outcome = try Shell.run(
      #"{ head -c 12345 > /dev/null; "$PRLCONV" compare a -; } < long"#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test("What an image has after the last sector of its disk does not count")
  func roundedUp() throws {
    let places: [Int?] = [1, nil, 0]
    var image = HandMadeImage(clusterByteCount: 1 << 20, places: places, sectorCount: 4097)
    // After the disk's last sector, in its last cluster.
    image.contents.put([1, 2, 3], at: (1 << 20) + 512)
    try folder.write(image.file, to: "a")
    try folder.write(HandMadeImage.disk(clusterByteCount: 1 << 20, places: places, sectorCount: 4097), to: "b")
    for ends in ComparisonEnds.allCases { try folder.expectSame("a", "b", over: ends) }
  }
}
