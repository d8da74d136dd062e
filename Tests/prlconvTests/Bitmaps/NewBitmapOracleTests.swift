import TestSupport
import Testing

@Suite(
  "An image with a new bitmap, as qemu reads it",
  .enabled(if: Tools.nbd && Tools.qemuImg, "needs qemu-img, qemu-nbd and nbdinfo"))
struct NewBitmapOracleTests {
  let folder = TemporaryFolder()

  /// Converts `disk.img`, whose length is whole sectors, and lets qemu read it.
  private func expectSound(_ options: String, byteCount: Int, over ends: Ends) throws {
    let options = "-q -f --new-bitmap \(NewBitmapTests.id) \(options)"
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "out.hds", over: ends))
    let judged = try Shell.run(
      "qemu-img check -f parallels out.hds && qemu-img compare -q -f parallels -F raw out.hds disk.img", in: folder)
    #expect(judged.isSuccess, "\(ends) \(options) \(judged.printed) \(judged)")
    let runs = try folder.runsByQemu(of: "out.hds", bitmap: NewBitmapTests.id)
    #expect(runs == [.init(0..<byteCount, isDirty: false)], "\(ends) \(options)")
  }

  @Test("The image is sound in every shape", arguments: Exhaustive.cases([512, 4096, 63 * 512, 1 << 20]), Ends.toFile)
  func everyShape(clusterByteCount size: Int, ends: Ends) throws {
    var generator = SeededRandom("new bitmaps for qemu", size)
    var disk = SparseDisk.random(clusterCount: 30, clusterByteCount: size, using: &generator)
    disk.resize(to: disk.byteCount / 512 * 512 + 512)
    disk.put([1], at: disk.byteCount - 1)
    try folder.write(disk, to: "disk.img")
    for options in ["", "--layout legacy", "--allocated", "--bitmap-granularity 512"] {
      try expectSound("\(options) --cluster-size \(size)", byteCount: disk.byteCount, over: ends)
    }
  }

  @Test(
    "The image is sound when the disk from a pipe outgrows the room of its table",
    arguments: Exhaustive.cases([112, 113, 1000]), Ends.fromPipe)
  func unknownSize(clusterCount: Int, ends: Ends) throws {
    var disk = SparseDisk(byteCount: clusterCount * 512)
    for cluster in [0, 1, 2, 7, clusterCount - 1] {
      disk.put(Filling.cluster(cluster, byteCount: 512), at: cluster * 512)
    }
    try folder.write(disk, to: "disk.img")
    try expectSound("--cluster-size 512 --bitmap-granularity 512", byteCount: disk.byteCount, over: ends)
  }

  @Test(
    "The file system in it is sound", .enabled(if: Tools.ext4, "needs mke2fs"),
    arguments: Exhaustive.cases([Ends.fileToFile, .pipeToPipe], brief: 1))
  func fileSystem(ends: Ends) throws {
    try Shell.prepare(
      "mkdir files; head -c 3M /dev/urandom > files/file; mke2fs -q -t ext4 -d files disk.img 32M", in: folder)
    try expectSound("", byteCount: 32 << 20, over: ends)
  }
}
