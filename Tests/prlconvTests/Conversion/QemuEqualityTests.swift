import Testing
import TestSupport

@Suite(
  "The same bytes as qemu-img convert, whatever the ends and the threads", .enabled(if: Tools.qemuImg, "needs qemu-img")
)
struct QemuEqualityTests {
  /// `in_use`: qemu writes 0 where prlconv says that the format extension was kept up.
  static let inUse = 44..<48
  static let clusterSizes = [4096, 63 * 512, 64 << 10, 252 << 10, 256 << 10, 1 << 20, 4 << 20]

  let folder = TemporaryFolder()

  /// Writes `expected.hds` from `disk.img`.
  ///
  /// qemu searches for zeros in steps of 4 KiB, unless an option says otherwise, so for
  /// clusters that are not a multiple of that it would store some that are all zeros.
  private func convertWithQemu(clusterByteCount size: Int) throws {
    let steps = size % 4096 == 0 ? "" : "-S 512"
    try Shell.prepare(
      "qemu-img convert \(steps) -f raw -O parallels -o cluster_size=\(size) disk.img expected.hds", in: folder)
  }

  private func expectBytesOfQemu(_ options: String, over ends: Ends) throws {
    let size = try folder.sizeOption(for: "disk.img")
    let outcome = try folder.convert(.raw2prl, "-q \(options)\(size) -f", from: "disk.img", to: "out.hds", over: ends)
    expectSilentSuccess(outcome, "\(ends) \(options)")
    let difference = try folder.difference("out.hds", "expected.hds", except: Self.inUse)
    #expect(difference == nil, "\(ends) \(options)")
    #expect(
      try Array(folder.bytes(of: "out.hds").dropFirst(Self.inUse.lowerBound).prefix(Self.inUse.count))
        == Array("v2.1".utf8), "\(ends)")
  }

  @Test("Disks of any shape become the bytes of qemu", arguments: Exhaustive.shapes, Exhaustive.cases(clusterSizes))
  func shapes(shape: DiskShape, clusterByteCount size: Int) throws {
    try folder.write(shape.disk(clusterByteCount: size), to: "disk.img")
    try convertWithQemu(clusterByteCount: size)
    for (number, ends) in Exhaustive.ends.enumerated() {
      try expectBytesOfQemu("--cluster-size \(size) -T\([1, 2, 5][number % 3])", over: ends)
    }
  }

  @Test("The bytes do not depend on the threads", arguments: Exhaustive.ends, Exhaustive.cases([1, 2, 5]))
  func threads(ends: Ends, threads: Int) throws {
    try folder.write(SparseDisk(numberedMegabytes: 13), to: "disk.img")
    try convertWithQemu(clusterByteCount: 1 << 20)
    try expectBytesOfQemu("-T \(threads)", over: ends)
  }

  @Test("Random disks become the bytes of qemu", arguments: Exhaustive.cases(0..<4), [4096, 64 << 10])
  func random(index: Int, clusterByteCount size: Int) throws {
    var generator = SeededRandom("random disks against qemu", index)
    try folder.write(.random(clusterCount: 40, clusterByteCount: size, using: &generator), to: "disk.img")
    try convertWithQemu(clusterByteCount: size)
    for ends in Exhaustive.ends { try expectBytesOfQemu("--cluster-size \(size)", over: ends) }
  }

  /// Without a size to go by, the first clusters may lie elsewhere when the table turns out to be longer.
  @Test("A disk that outgrows the room of its table is still sound", arguments: Ends.fromPipe, [4096, 8192])
  func outgrown(ends: Ends, clusterByteCount size: Int) throws {
    var generator = SeededRandom("outgrown room")
    let clusters = size / 4 + 300
    var disk = SparseDisk(byteCount: clusters * size)
    for cluster in [0, 1, 2, 7, clusters / 2, clusters - 1] {
      disk.put(Filling.random(size, using: &generator), at: cluster * size)
    }
    try folder.write(disk, to: "disk.img")
    let outcome = try folder.convert(.raw2prl, "--cluster-size \(size)", from: "disk.img", to: "out.hds", over: ends)
    expectSilentSuccess(outcome)
    let checked = try Shell.run(
      "qemu-img check -q -f parallels out.hds && qemu-img compare -q -f parallels -F raw out.hds disk.img", in: folder)
    #expect(checked.isSuccess, "\(checked)")
  }
}
