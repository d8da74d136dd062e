import TestSupport
import Testing

@Suite("The figures of check are those of qemu-img check, where that is right")
struct CheckFigureTests {
  static let magics = [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic]

  let folder = TemporaryFolder()

  /// Places without gaps: `count` clusters, those that are allocated in disk order or shuffled.
  private static func places(
    _ count: Int, shuffled: Bool, using generator: inout SeededRandom
  ) -> [Int?] {
    let allocated = (0..<count).filter { $0 == 0 || Int.random(in: 0..<4, using: &generator) > 0 }
    let order = shuffled ? Array(allocated.indices).shuffled(using: &generator) : Array(allocated.indices)
    var places = [Int?](repeating: nil, count: count)
    for (cluster, place) in zip(allocated, order) { places[cluster] = place }
    return places
  }

  private func expectFiguresOfQemu(_ image: HandMadeImage, _ comment: Comment) throws {
    try folder.write(image.file, to: "image.hds")
    let ours = try folder.json("check")
    let qemus = try folder.qemuJSON("check")
    #expect(ours.outcome.ending == qemus.outcome.ending, "\(comment) \(ours.outcome) \(qemus.outcome)")
    for key in ["image-end-offset", "total-clusters", "allocated-clusters", "fragmented-clusters", "leaks"] {
      #expect(ours.number(key) == qemus.number(key) ?? 0, "\(key): \(comment)")
    }
    #expect(ours.number("corruptions") == qemus.number("corruptions") ?? 0)
    #expect(ours.number("check-errors") == qemus.number("check-errors"))
  }

  @Test(
    "Healthy and fragmented images have the same figures", .enabled(if: Tools.qemuImg, "needs qemu-img"),
    arguments: magics, Exhaustive.cases([512, 4096, 63 * 512, 1 << 20]))
  func healthy(magic: String, clusterByteCount size: Int) throws {
    var generator = SeededRandom("figures of check", size)
    for round in Exhaustive.cases(0..<6) {
      let count = Int.random(in: 1...(size > 100_000 ? 6 : 40), using: &generator)
      let places = Self.places(count, shuffled: round % 2 == 1, using: &generator)
      let image = HandMadeImage(magic, clusterByteCount: size, places: places)
      try expectFiguresOfQemu(image, "\(places)")
    }
  }

  @Test(
    "Tails are leaks", .enabled(if: Tools.qemuImg, "needs qemu-img"), arguments: magics,
    Exhaustive.cases([1, 511, 4096, 4097, 40_000]))
  func tails(magic: String, byteCount: Int) throws {
    var generator = SeededRandom("tails of check", byteCount)
    for round in Exhaustive.cases(0..<3) {
      let places = Self.places(20, shuffled: round > 0, using: &generator)
      var image = HandMadeImage(magic, clusterByteCount: 4096, places: places)
      image.contents.resize(to: image.contents.byteCount + byteCount)
      try expectFiguresOfQemu(image, "\(places)")
    }
  }

  @Test("An image without clusters has the same figures", .enabled(if: Tools.qemuImg, "needs qemu-img"))
  func noClusters() throws {
    var image = HandMadeImage(clusterByteCount: 4096, places: [nil, nil])
    try expectFiguresOfQemu(image, "empty")
    image.contents.resize(to: 3 * 4096)
    try expectFiguresOfQemu(image, "empty, with a tail")
  }

  @Test("An image that was not closed is corrupt", .enabled(if: Tools.qemuImg, "needs qemu-img"))
  func notClosed() throws {
    var image = HandMadeImage(clusterByteCount: 4096, places: [1, 0])
    image.inUse = HandMadeImage.open
    try expectFiguresOfQemu(image, "not closed")
  }

  /// qemu-img sees none of these.
  @Test("Gaps are also leaks")
  func gaps() throws {
    try folder.write(HandMadeImage(clusterByteCount: 4096, places: [2, nil, 5, 3]).file, to: "image.hds")
    let report = try folder.json("check")
    #expect(report.outcome.ending == .status(3))
    #expect(report.number("leaks") == 3 && report.number("corruptions") == 0)
    #expect(try report.list("problems").map { $0["offset"] as? Int } == [4096, 5 * 4096])
    let text = try folder.report("check").printed
    #expect(text.contains("3 leaked clusters found") && !text.contains("no errors found"), "\(text)")
  }

  /// Entries of a disk of 256 GiB in a sparse file of 2 GiB: only pages of the table that are in use take memory.
  @Test(
    "The longest table takes little memory",
    .enabled(if: Tools.python && !Tools.isSanitized, "needs python3, and no sanitizer"),
    .enabled(if: Exhaustive.isOn, "make test-exhaustive"))
  func longestTable() throws {
    var image = HandMadeImage(clusterByteCount: 512, places: [])
    let count = 536_870_911
    let first = (64 + 4 * count + 511) / 512
    (image.entryCount, image.sectorCount, image.dataOffset) = (UInt32(count), UInt64(count), UInt32(first))
    image.contents.resize(to: (first + 10) * 512)
    let entries = [
      (5, first + 3), (1_000_000, first + 1), (1_000_001, first + 1), (300_000_000, first + 9),
      (400_000_000, Int(UInt32.max)),
      (count - 1, first + 1000),
    ]
    for (index, entry) in entries {
      var bytes: [UInt8] = []
      bytes.append(littleEndian: UInt32(entry))
      image.contents.put(bytes, at: 64 + 4 * index)
    }
    try folder.write(image.file, to: "image.hds")
    let outcome = try Shell.run(
      """
      python3 -c '
      import resource, subprocess, sys
      status = subprocess.run(sys.argv[1:]).returncode
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
      sys.exit(status)' "$PRLCONV" check --output json image.hds
      """, in: folder)
    let report = try JSONReport(outcome)
    #expect(outcome.ending == .status(2) && report.number("total-clusters") == count)
    #expect(report.number("allocated-clusters") == 6 && report.number("leaks") == 7)
    #expect(
      try report.kinds() == ["entry-reserved", "entry-past-end", "entry-duplicate"]
        + [String](repeating: "leaked-clusters", count: 3))
    let kibibytes = try #require(Int(outcome.messages.last ?? ""))
    #expect(kibibytes < 64 << 10, "\(kibibytes) KiB")
  }
}
