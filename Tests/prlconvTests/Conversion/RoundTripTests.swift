import TestSupport
import Testing

@Suite("A disk that is converted and converted back")
struct RoundTripTests {
  let folder = TemporaryFolder()

  /// Converts `disk.img` there over `ends` and back over the same, and compares with the disk in whole sectors.
  private func expectReturn(_ options: String, over ends: Ends) throws {
    let size = try folder.sizeOption(for: "disk.img")
    let there = try folder.convert(.raw2prl, "-q -f \(options)\(size)", from: "disk.img", to: "there.hds", over: ends)
    expectSilentSuccess(there, "\(ends) \(options)")
    let back = try folder.convert(.prl2raw, "-f", from: "there.hds", to: "back.img", over: ends)
    expectSilentSuccess(back, "\(ends) \(options)")
    #expect(try folder.difference("whole.img", "back.img") == nil, "\(ends) \(options)")
  }

  private func makeDisk(_ disk: SparseDisk) throws {
    try folder.write(disk, to: "disk.img")
    var whole = disk
    whole.resize(to: (disk.byteCount + 511) / 512 * 512)
    try folder.write(whole, to: "whole.img")
  }

  @Test("A disk of any shape comes back", arguments: Exhaustive.shapes, Exhaustive.cases([512, 1024, 63 * 512]))
  func shapes(shape: DiskShape, clusterByteCount size: Int) throws {
    try makeDisk(shape.disk(clusterByteCount: size))
    for ends in Exhaustive.ends { try expectReturn("--cluster-size \(size)", over: ends) }
  }

  @Test("A disk of any shape comes back from the legacy layout", arguments: Exhaustive.shapes)
  func legacyShapes(shape: DiskShape) throws {
    try makeDisk(shape.disk(clusterByteCount: 64 << 10))
    for ends in Exhaustive.ends { try expectReturn("--layout legacy --cluster-size 64K", over: ends) }
  }

  @Test("A random disk comes back from clusters of one sector", arguments: Exhaustive.cases(0..<6))
  func oneSectorClusters(index: Int) throws {
    var generator = SeededRandom("clusters of one sector", index)
    try makeDisk(.random(clusterCount: 300, clusterByteCount: 512, using: &generator))
    for ends in Exhaustive.ends { try expectReturn("--cluster-size 512", over: ends) }
  }

  @Test(
    "A cluster may be larger than a buffer", arguments: Exhaustive.cases(["16M", "64M"], brief: 1), Exhaustive.ends)
  func largeClusters(size: String, ends: Ends) throws {
    let megabytes = size == "16M" ? 16 : 64
    var disk = SparseDisk(byteCount: (2 * megabytes + 1) << 20 + 1024)
    disk.put(Filling.cluster(1, byteCount: 5000), at: (megabytes << 20) - 3000)
    disk.put(Filling.cluster(2, byteCount: 1024), at: (2 * megabytes + 1) << 20)
    try makeDisk(disk)
    try expectReturn("--cluster-size \(size)", over: ends)
  }

  @Test("There may be more threads than work", arguments: ["1", "3", "64", "256"])
  func manyThreads(threads: String) throws {
    try makeDisk(SparseDisk(numberedMegabytes: 3))
    try expectReturn("-T \(threads)", over: .fileToFile)
    try expectReturn("-T \(threads)", over: .pipeToPipe)
  }

  @Test("Zeros become holes of the raw file")
  func holes() throws {
    try makeDisk(SparseDisk([UInt8](repeating: 0, count: 4 << 20)))
    try expectReturn("--allocated", over: .fileToFile)
    #expect(try folder.allocatedByteCount(of: "back.img") == 0)
  }

  @Test("--sparse-size 0 writes every zero")
  func sparseSizeZero() throws {
    try makeDisk(SparseDisk(byteCount: 4 << 20))
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk.img", to: "there.hds"))
    expectSilentSuccess(try folder.convert(.prl2raw, "-S 0", from: "there.hds", to: "back.img"))
    #expect(try folder.allocatedByteCount(of: "back.img") >= 4 << 20)
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }

  @Test("An image has no holes", arguments: ["ext", "legacy"], Ends.toFile)
  func noHoles(layout: String, ends: Ends) throws {
    var disk = SparseDisk(byteCount: 20 << 20)
    disk.put([1], at: 5 << 20)
    disk.put([1], at: (18 << 20) - 1)
    try makeDisk(disk)
    try expectReturn("--layout \(layout) --cluster-size 4M", over: ends)
    let data = try folder.allocatedByteCount(of: "there.hds")
    // Header and BAT are also data, but the rest of their cluster need not be.
    #expect(data >= 8 << 20, "\(data)")
  }
}
