import TestSupport
import Testing

@Suite("Images whose clusters lie in any order")
struct OutOfOrderTests {
  let folder = TemporaryFolder()

  @Test(
    "What qemu wrote out of order is read in order", .enabled(if: Tools.qemuIO, "needs qemu-io"),
    arguments: Exhaustive.ends)
  func qemu(ends: Ends) throws {
    try Shell.prepare(
      """
      qemu-img create -q -f parallels -o cluster_size=64k image.hds 3000k
      for write in '0x33 2M 100k' '0x11 64k 1k' '0x44 2900k 100k' '0x22 1M 300k' '0x55 0 512'; do
        qemu-io -f parallels -c "write -q -P $write" image.hds
      done
      qemu-img convert -f parallels -O raw image.hds expected.img
      """, in: folder)
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: "out.img", over: ends))
    #expect(try folder.difference("out.img", "expected.img") == nil)
  }

  /// Zeros for what never comes need not wait anywhere: a small hostile image could fill the folder of spools.
  @Test("Clusters that the file does not have take no room in the temporary file")
  func missingClusters() throws {
    var image = HandMadeImage(clusterByteCount: 1 << 20, places: [0] + [Int?](repeating: nil, count: 301))
    for index in 1..<302 { image.entries[index] = UInt32(1000 - index) }
    try folder.write(image.file, to: "in")
    let outcome = try Shell.run(
      #"mkdir spools; export TMPDIR=$PWD/spools; cat in | (ulimit -f 2048; "$PRLCONV" prl2raw --salvage) | cat > out"#,
      in: folder)
    #expect(outcome.ending == .status(2), "\(outcome)")
    #expect(outcome.messages.count { $0.hasPrefix("prlconv: lost: ") } == 301, "\(outcome.messages.count)")
    let file = try folder.convert(.prl2raw, "--salvage", from: "in", to: "expected")
    #expect(file.ending == .status(2))
    #expect(try folder.difference("out", "expected") == nil)
  }

  /// Which entries share a cluster is known when it is known which clusters are there.
  @Test("Shared clusters are reported alike from a pipe and from a file", arguments: [Ends.pipeToFile, .pipeToPipe])
  func sharedClusters(ends: Ends) throws {
    var image = HandMadeImage(places: [0, 1, 2, 3, 4])
    image.entries = [1, 1, 50, 50, 2]
    try folder.write(image.file, to: "in")
    let losses = try [Ends.fileToFile, ends].enumerated().map { number, ends in
      let outcome = try folder.convert(.prl2raw, "--salvage --stats json", from: "in", to: "out\(number)", over: ends)
      #expect(outcome.ending == .status(2))
      return outcome.messages.map { $0.replacing("'stdin'", with: "'in'") }
    }
    #expect(losses[0].filter { $0.contains("lost:") } == losses[1].filter { $0.contains("lost:") })
    for key in ["\"losses\":2", "\"allocated\":3"] {
      #expect(losses.allSatisfy { $0.contains { $0.contains(key) } }, "\(key): \(losses)")
    }
    #expect(try folder.difference("out0", "out1") == nil)
  }

  @Test(
    "Any order can be read over any ends", arguments: Exhaustive.cases(0..<5), Exhaustive.cases([512, 4096, 1 << 20]))
  func anyOrder(index: Int, clusterByteCount size: Int) throws {
    var generator = SeededRandom("orders of clusters", index)
    let count = size > 4096 ? 7 : 60
    let order = Array(0..<count).shuffled(using: &generator)
    // Every fourth cluster is not allocated, and its place in the file is a leak.
    let places = (0..<count).map { $0 % 4 == 2 ? nil : order[$0] }
    let sectors = count * size / 512 - (size == 512 ? 0 : 1)
    let magic = index % 2 == 0 ? HandMadeImage.extendedMagic : HandMadeImage.legacyMagic
    try folder.write(
      HandMadeImage(magic, clusterByteCount: size, places: places, sectorCount: sectors).file, to: "image.hds")
    try folder.write(
      HandMadeImage.disk(clusterByteCount: size, places: places, sectorCount: sectors), to: "expected.img")
    for ends in Exhaustive.ends {
      expectSilentSuccess(try folder.convert(.prl2raw, "-f -T3", from: "image.hds", to: "out.img", over: ends))
      #expect(try folder.difference("out.img", "expected.img") == nil, "\(ends)")
    }
  }

  @Test("The temporary file is gone when the image is through")
  func spoolRemoved() throws {
    try folder.write(HandMadeImage(places: [3, 2, 1, 0]).file, to: "image.hds")
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: "out.img", over: .pipeToPipe))
    #expect(folder.names == ["image.hds", "out.img"])
  }

  @Test("Clusters of the legacy layout may lie at any sector", arguments: Exhaustive.ends)
  func anySector(ends: Ends) throws {
    let places = [2, 0, 1]
    var image = HandMadeImage(HandMadeImage.legacyMagic, clusterByteCount: 63 * 512, places: places)
    // As VirtualBox does: the data begins one sector after the BAT, and `data_off` stays 0.
    image.entries = places.map { UInt32(2 + $0 * 63) }
    image.dataOffset = 0
    image.contents = SparseDisk(byteCount: (2 + 3 * 63) * 512)
    for (cluster, place) in places.enumerated() {
      image.contents.put(Filling.cluster(cluster, byteCount: 63 * 512), at: (2 + place * 63) * 512)
    }
    try folder.write(image.file, to: "image.hds")
    try folder.write(HandMadeImage.disk(clusterByteCount: 63 * 512, places: places), to: "expected.img")
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: "out.img", over: ends))
    #expect(try folder.difference("out.img", "expected.img") == nil)
  }
}
