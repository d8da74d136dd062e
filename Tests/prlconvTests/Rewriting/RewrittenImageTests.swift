import TestSupport
import Testing

@Suite("Images that are rewritten")
struct RewrittenImageTests {
  let folder = TemporaryFolder()

  /// The ways in which an image reaches the tool and leaves it, as scripts that make `out` of `in.hds`.
  static let ways = [
    #""$PRLCONV" prl2prl -q OPTIONS in.hds out"#, #""$PRLCONV" prl2prl -q OPTIONS - out < in.hds"#,
    #""$PRLCONV" prl2prl -q OPTIONS in.hds | cat > out"#, #"cat in.hds | "$PRLCONV" prl2prl -q OPTIONS - out"#,
    #"cat in.hds | "$PRLCONV" prl2prl -q OPTIONS | cat > out"#,
  ]

  private func rewrite(_ options: String, by way: String) throws {
    try Shell.prepare("rm -f out", in: folder)
    expectSilentSuccess(try Shell.run(way.replacing("OPTIONS", with: options), in: folder), "\(way) \(options)")
  }

  @Test(
    "The output is the same as that of prl2raw followed by raw2prl",
    arguments: Exhaustive.cases(Array(0..<24), brief: Array(0..<4)), ways)
  func sameBytes(number: Int, way: String) throws {
    var random = SeededRandom("rewritten images", number)
    let (image, disk, _) = HandMadeImage.random(using: &random)
    try folder.write(image.file, to: "in.hds")
    let ownLayout = image.magic == HandMadeImage.legacyMagic ? "legacy" : "ext"
    let sizes = ["", "512", "4K", "96K", "1M", "3M"]
    let size = sizes.randomElement(using: &random) ?? ""
    let layout = ["", "legacy", "ext"].randomElement(using: &random) ?? ""
    let options = (size.isEmpty ? "" : "--cluster-size \(size) ") + (layout.isEmpty ? "" : "--layout \(layout)")
    try rewrite(options, by: way)
    try Shell.prepare(
      """
      "$PRLCONV" prl2raw -q in.hds raw.img; "$PRLCONV" raw2prl -q --layout \(layout.isEmpty ? ownLayout : layout) \
      --cluster-size \(size.isEmpty ? "\(image.clusterByteCount)" : size) --input-format raw raw.img expected
      """, in: folder)
    #expect(try folder.difference("expected", "out") == nil, "\(options)")
    try folder.write(disk, to: "disk.img")
    let compared = try Shell.run(
      #""$PRLCONV" compare -q -s --input-format raw out disk.img && "$PRLCONV" check out > /dev/null"#, in: folder)
    expectSilentSuccess(compared)
  }

  @Test(
    "With --allocated, exactly what the input stores is stored, zeros or not",
    arguments: Exhaustive.cases(Array(0..<24), brief: Array(0..<4)), ways)
  func keepsAllocated(number: Int, way: String) throws {
    var random = SeededRandom("images with kept zeros", number)
    let (image, disk, places) = HandMadeImage.random(using: &random)
    try folder.write(image.file, to: "in.hds")
    try folder.write(disk, to: "disk.img")
    let (old, new) = (image.clusterByteCount, [512, 4096, 96 << 10, 3 << 20, image.clusterByteCount][number % 5])
    try rewrite("--allocated --layout ext --cluster-size \(new)", by: way)
    expectSilentSuccess(
      try Shell.run(
        #""$PRLCONV" compare -q -s --input-format raw out disk.img && "$PRLCONV" check out > /dev/null"#, in: folder))
    // Clusters of the output in which a stored byte of the input lies.
    var stored: Set<Int> = []
    for (cluster, place) in places.enumerated() where place != nil {
      let end = min((cluster + 1) * old, disk.byteCount)
      if cluster * old < end { stored.formUnion(cluster * old / new...(end - 1) / new) }
    }
    let clusterCount = (disk.byteCount + new - 1) / new
    let headClusters = (64 + 4 * clusterCount + new - 1) / new
    #expect(try folder.byteCount(of: "out") == (headClusters + stored.count) * new)
    let table = try Array(folder.bytes(of: "out")[64..<64 + 4 * clusterCount])
    let allocated = (0..<clusterCount).filter { table[4 * $0..<4 * $0 + 4].contains { $0 != 0 } }
    #expect(allocated == stored.sorted())
  }

  @Test(
    "An image in order streams from pipe to pipe with --allocated, without a temporary file", arguments: ["", "4K"])
  func stream(clusterSize: String) throws {
    var random = SeededRandom("streamed image")
    try folder.write(HandMadeImage.random(isInOrder: true, using: &random).image.file, to: "in.hds")
    let size = clusterSize.isEmpty ? "" : "--cluster-size \(clusterSize)"
    let command = #"cat in.hds | TMPDIR=/nowhere "$PRLCONV" prl2prl -v \#(size)"#
    let streamed = try Shell.run("\(command) --allocated | cat > out", in: folder)
    #expect(streamed.isSuccess && streamed.standardError.contains("true stream"), "\(streamed)")
    let spooled = try Shell.run("\(command) | cat > out", in: folder)
    #expect(spooled.standardError.contains("temporary file"), "\(spooled)")
  }

  @Test(
    "A damaged image is refused, and salvaged with every loss", arguments: [#"in.hds out"#, #"- out < <(cat in.hds)"#])
  func salvage(ends: String) throws {
    var image = HandMadeImage(places: [0, nil, 2, 1])
    image.entries[2] = 99
    try folder.write(image.file, to: "in.hds")
    let refused = try Shell.run("\"$PRLCONV\" prl2prl \(ends)", in: folder)
    #expect(refused.ending == .status(1) && refused.standardError.contains("--salvage"), "\(refused)")
    #expect(folder.names == ["in.hds"])
    let salvaged = try Shell.run("\"$PRLCONV\" prl2prl --salvage \(ends)", in: folder)
    #expect(salvaged.ending == .status(2), "\(salvaged)")
    try Shell.prepare(#""$PRLCONV" prl2raw --salvage in.hds disk.img || test $? = 2"#, in: folder)
    expectSilentSuccess(try Shell.run(#""$PRLCONV" compare -q -s out disk.img"#, in: folder))
  }

  @Test("An image that was not closed needs --allow-dirty, and the output is closed")
  func dirty() throws {
    var image = HandMadeImage(places: [0, 1])
    image.inUse = HandMadeImage.open
    try folder.write(image.file, to: "in.hds")
    expectError(try Shell.run(#""$PRLCONV" prl2prl in.hds out"#, in: folder), saying: ["not closed"])
    #expect(try Shell.run(#""$PRLCONV" prl2prl --allow-dirty in.hds out"#, in: folder).isSuccess)
    expectSilentSuccess(
      try Shell.run(
        #""$PRLCONV" compare -q --allow-dirty out out 2> /dev/null; "$PRLCONV" check out > /dev/null"#, in: folder))
  }

  @Test(
    "A raw disk, gzip and the input itself are refused", arguments: ["in.img out", "in.gz out", "-f in.hds in.hds"])
  func refused(arguments: String) throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "in.hds")
    try folder.write(Filling.cluster(1, byteCount: 4096), to: "in.img")
    try Shell.prepare("gzip -k in.hds; mv in.hds.gz in.gz", in: folder)
    let before = try folder.bytes(of: "in.hds")
    #expect(try Shell.run("\"$PRLCONV\" prl2prl \(arguments)", in: folder).ending == .status(1))
    #expect(try folder.bytes(of: "in.hds") == before)
    #expect(!folder.contains("out"))
  }

  @Test("measure says how large the output will be", arguments: Exhaustive.cases(0..<20, brief: 4))
  func measured(number: Int) throws {
    var random = SeededRandom("measured images", number)
    try folder.write(HandMadeImage.random(using: &random).image.file, to: "in.hds")
    let options = ["", "--allocated", "--cluster-size 4K", "--layout legacy --cluster-size 96K --allocated"][number % 4]
    for input in ["in.hds", "- < <(cat in.hds)"] {
      let outcome = try Shell.run(
        """
        "$PRLCONV" prl2prl -q -f \(options) in.hds out
        "$PRLCONV" measure --output json \(options) \(input) | grep -o '"required": *[0-9]*' | grep -o '[0-9]*'
        """, in: folder)
      #expect(outcome.printed == "\(try folder.byteCount(of: "out"))\n", "\(options) \(input) \(outcome)")
    }
  }
}
