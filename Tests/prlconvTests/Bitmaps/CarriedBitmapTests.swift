import TestSupport
import Testing

@Suite("Dirty bitmaps of an image that is rewritten")
struct CarriedBitmapTests {
  let folder = TemporaryFolder()

  static let ways = [
    #""$PRLCONV" prl2prl OPTIONS in.hds out"#, #"cat in.hds | "$PRLCONV" prl2prl OPTIONS - out"#,
    #""$PRLCONV" prl2prl OPTIONS in.hds | cat > out"#, #"cat in.hds | "$PRLCONV" prl2prl OPTIONS | cat > out"#,
  ]

  private func rewrite(_ options: String = "", by way: String = ways[0]) throws -> Outcome {
    try Shell.run("rm -f out; " + way.replacing("OPTIONS", with: options), in: folder)
  }

  @Test(
    "Every bit keeps its meaning, in any layout and cluster size",
    arguments: Exhaustive.cases(Array(0..<24), brief: Array(0..<4)), ways)
  func sameBits(number: Int, way: String) throws {
    var random = SeededRandom("carried bitmaps", number)
    var (image, disk, _) = HandMadeImage.random(using: &random)
    let bitmaps = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      let finest = max(512, disk.byteCount / 6000)
      let granularity = (9...20).map { 1 << $0 }.filter { $0 >= finest }.randomElement(using: &random) ?? 1 << 20
      return DirtyBlocks.random(diskByteCount: disk.byteCount, granularity: granularity, using: &random)
    }
    try image.appendBitmaps(bitmaps, storesAll: Bool.random(using: &random), junk: Bool.random(using: &random))
    try folder.write(image.file, to: "in.hds")
    try folder.write(disk, to: "disk.img")
    let size = [512, 1024, 32 << 10, 1 << 20, image.clusterByteCount].randomElement(using: &random) ?? 512
    let options = "-q --cluster-size \(size) --layout \(["ext", "legacy"][number % 2])"
    expectSilentSuccess(try rewrite(options, by: way), "\(options)")
    for (index, blocks) in bitmaps.enumerated() {
      let name = HandMadeBitmap.name(UInt8(index + 1))
      #expect(try folder.runs(of: "out", bitmap: name) == blocks.runs, "\(options)")
      if Tools.nbd { #expect(try folder.runsByQemu(of: "out", bitmap: name) == blocks.runs, "\(options)") }
    }
    expectSilentSuccess(
      try Shell.run(
        #""$PRLCONV" compare -q -s --input-format raw out disk.img && "$PRLCONV" check out > /dev/null"#, in: folder))
    #expect(try Array(folder.bytes(of: "out")[44..<48]) == [0x76, 0x32, 0x2E, 0x31])
    // Without data, the extension is the end of the file, which qemu-img takes for leaked.
    if Tools.qemuImg, disk.bytes.contains(where: { $0 != 0 }) {
      expectSilentSuccess(try Shell.run("qemu-img check -q -f parallels out", in: folder))
    }
  }

  @Test("measure counts the extension and its bits")
  func measured() throws {
    var random = SeededRandom("measured bitmaps")
    var (image, disk, _) = HandMadeImage.random(using: &random)
    let blocks = DirtyBlocks.random(diskByteCount: disk.byteCount, granularity: 512, using: &random)
    try image.appendBitmaps([blocks])
    try folder.write(image.file, to: "in.hds")
    expectSilentSuccess(try rewrite("-q --cluster-size 1K"))
    let outcome = try Shell.run(#""$PRLCONV" measure --cluster-size 1K --output json in.hds"#, in: folder)
    let required = try folder.byteCount(of: "out")
    #expect(outcome.printed.filter { $0 != " " }.contains("\"required\":\(required)"), "\(outcome)")
  }

  private func image(
    inUse: UInt32 = HandMadeImage.closed, _ sections: [HandMadeExtension.Section] = [], l1Table: [UInt64] = [1]
  ) throws -> HandMadeImage {
    var image = HandMadeImage(places: [0, 1, nil])
    image.inUse = inUse
    let bitmap = HandMadeBitmap(1, sectorCount: 6, granularity: 2, l1Table: l1Table)
    try image.append(HandMadeExtension([bitmap.section] + sections))
    return image
  }

  @Test("A stale bitmap is left out with a warning", arguments: ways)
  func stale(way: String) throws {
    try folder.write(image(inUse: 0).file, to: "in.hds")
    let outcome = try rewrite(by: way)
    #expect(outcome.isSuccess && outcome.standardError.contains("left out"), "\(outcome)")
    try expectNoExtension()
  }

  @Test("A damaged bitmap is left out with a warning")
  func damaged() throws {
    try folder.write(image(l1Table: [999_999]).file, to: "in.hds")
    let outcome = try rewrite()
    #expect(outcome.isSuccess && outcome.standardError.contains("left out"), "\(outcome)")
    try expectNoExtension()
  }

  @Test("--drop-bitmaps leaves out the whole extension, without a warning", arguments: ways)
  func dropped(way: String) throws {
    try folder.write(image([.init(magic: 5, flags: 1, data: [1])]).file, to: "in.hds")
    let outcome = try rewrite("-q --drop-bitmaps", by: way)
    #expect(outcome.isSuccess, "\(outcome)")
    try expectNoExtension()
  }

  private func expectNoExtension(at location: SourceLocation = #_sourceLocation) throws {
    let bytes = try folder.bytes(of: "out")
    #expect(bytes[56..<64].allSatisfy { $0 == 0 }, sourceLocation: location)
    #expect(bytes.count == 3 * 1024, sourceLocation: location)
  }

  @Test("Unknown features are kept, dropped, or forbid the work, as their flags say")
  func unknownFeatures() throws {
    try folder.write(
      image([.init(magic: 5, flags: 2, data: [1, 2, 3]), .init(magic: 6, data: [4])]).file, to: "in.hds")
    #expect(try rewrite("-q").isSuccess)
    let info = try Shell.run(#""$PRLCONV" check --output json out"#, in: folder).printed
    #expect(info.contains("0x5") && !info.contains("0x6"), "\(info)")
    let kept = try folder.bytes(of: "out")
    let data = try #require((1024..<2048).first { Array(kept[$0..<$0 + 8]) == [5, 0, 0, 0, 0, 0, 0, 0] })
    #expect(
      Array(kept[data + 8..<data + 27]) == [2] + [UInt8](repeating: 0, count: 7) + [3, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
    try folder.write(image([.init(magic: 7, flags: 3, data: [])]).file, to: "in.hds")
    let refused = try rewrite("-q")
    #expect(refused.ending == .status(1) && refused.standardError.contains("--drop-bitmaps"), "\(refused)")
    #expect(!folder.contains("out"))
  }

  @Test("A bitmap too long for the clusters of the output is refused")
  func tooLong() throws {
    var image = HandMadeImage(clusterByteCount: 64 << 10, places: [Int?](repeating: nil, count: 3000))
    try image.appendBitmaps([DirtyBlocks(diskByteCount: 3000 * 64 << 10, granularity: 512, marking: [5])])
    try folder.write(image.file, to: "in.hds")
    let refused = try rewrite("-q --cluster-size 512")
    #expect(refused.ending == .status(1), "\(refused)")
    #expect(!folder.contains("out"))
    #expect(try rewrite("-q --drop-bitmaps --cluster-size 512").isSuccess)
  }

  @Test("Where the image of a bundle is longer than its storage, the bits after the disk are left out")
  func longerImage() throws {
    var image = HandMadeImage(clusterByteCount: 512, places: [Int?](repeating: nil, count: 8192))
    try image.appendBitmaps([DirtyBlocks(diskByteCount: 8192 * 512, granularity: 512, allDirty: true)])
    try folder.write(image.file, to: "top.hds")
    let id = ModelBundle.currentID
    let descriptor = """
      <Parallels_disk_image Version="1.0"><Disk_Parameters><Disk_size>4100</Disk_size></Disk_Parameters><StorageData>
      <Storage><Start>0</Start><End>4100</End><Blocksize>1</Blocksize><Image><GUID>{\(id)}</GUID><Type>Compressed</Type>
      <File>top.hds</File></Image></Storage></StorageData><Snapshots><Shot><GUID>{\(id)}</GUID>
      <ParentGUID>{\(ModelBundle.nullID)}</ParentGUID></Shot></Snapshots></Parallels_disk_image>
      """
    try folder.write(Array(descriptor.utf8), to: "descriptor")
    try Shell.prepare("mkdir in.hdd; mv top.hds in.hdd; mv descriptor in.hdd/DiskDescriptor.xml", in: folder)
    for (options, sectorCount) in [("out", 4100), ("--cluster-size 1M out.hdd", 6144)] {
      #expect(try Shell.run("\"$PRLCONV\" prl2prl -q in.hdd \(options)", in: folder).isSuccess)
      try Shell.prepare("cp out.hdd/*.hds out || true", in: folder)
      let runs = try folder.runs(of: "out", bitmap: HandMadeBitmap.name())
      let rest = sectorCount > 4100 ? [DirtyBlocks.Run(4100 * 512..<sectorCount * 512, isDirty: false)] : []
      #expect(runs == [DirtyBlocks.Run(0..<4100 * 512, isDirty: true)] + rest)
    }
  }

  @Test("A bundle keeps the bitmaps of its image, also on the way into another one")
  func bundle() throws {
    var image = HandMadeImage(HandMadeImage.legacyMagic, clusterByteCount: 1 << 20, places: [0, nil, 1, nil, nil])
    let blocks = DirtyBlocks(diskByteCount: 5 << 20, granularity: 64 << 10, marking: [3, 4, 5, 70, 79])
    try image.appendBitmaps([blocks])
    try folder.write(image.file, to: "in.hds")
    for (input, output) in [("in.hds", "a.hdd"), ("a.hdd", "b.hdd"), ("b.hdd", "out")] {
      #expect(try Shell.run("\"$PRLCONV\" prl2prl -q \(input) \(output)", in: folder).isSuccess)
    }
    #expect(try folder.runs(of: "out", bitmap: HandMadeBitmap.name()) == blocks.runs)
    #expect(
      try Shell.prepare("dd bs=4 skip=11 count=1 status=none if=$(echo b.hdd/*.hds)", in: folder).printed == "v2.1")
  }
}
