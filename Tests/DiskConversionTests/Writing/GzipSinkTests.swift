import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A raw disk compressed with gzip", .timeLimit(.minutes(15)))
struct GzipSinkTests {
  private let folder = TemporaryFolder()

  /// Clusters of all kinds, the last of them cut by the end of the disk.
  private static func disk(clusterByteCount size: Int) -> [UInt8] {
    var generator = SeededRandom("disk to compress", size)
    var disk: [UInt8] = []
    for cluster in 0..<11 {
      switch cluster % 4 {
      case 0: disk += Filling.cluster(cluster, byteCount: size)
      case 1: disk += Filling.random(size, using: &generator)
      default: disk += [UInt8](repeating: 0, count: size)
      }
    }
    return disk
  }

  @Test(
    "It decodes to the disk", arguments: Exhaustive.cases([512, 4096, 63 * 512, 64 << 10, 3 << 19]), [true, false])
  func contents(clusterByteCount: Int, knowsZeros: Bool) throws {
    let disk = Self.disk(clusterByteCount: clusterByteCount)
    try compress(
      disk, by: ExtentGrid(clusterByteCount: UInt64(clusterByteCount)), knowsZeros: knowsZeros, to: "disk.gz")
    #expect(firstDifference(try decoded("disk.gz", byteCount: disk.count), disk) == nil)
  }

  @Test("Any number of threads gives the same bytes", arguments: [4096, 252 << 10])
  func threads(clusterByteCount: Int) throws {
    let disk = Self.disk(clusterByteCount: clusterByteCount)
    let grid = ExtentGrid(clusterByteCount: UInt64(clusterByteCount))
    try compress(disk, by: grid, threadCount: 1, to: "expected.gz")
    for threadCount in [2, 3, 5, 16] {
      try compress(disk, by: grid, threadCount: threadCount, to: "disk.gz")
      #expect(try FileDifference.between(folder("expected.gz"), folder("disk.gz")) == nil, "\(threadCount) threads")
    }
  }

  /// Zeros that come as data, extent by extent, and as runs of any length.
  @Test("Zeros give the same bytes however they come", arguments: [0, 1, 3])
  func zeros(megabytes: Int) throws {
    let disk = [UInt8](repeating: 0, count: megabytes << 20) + [1] + [UInt8](repeating: 0, count: 5 << 20)
    try compress(disk, by: .forCompression, knowsZeros: true, to: "runs.gz")
    try compress(disk, by: .forCompression, knowsZeros: false, to: "data.gz")
    #expect(try FileDifference.between(folder("runs.gz"), folder("data.gz")) == nil)
  }

  @Test("An empty disk is also a member")
  func empty() throws {
    try compress([], by: .forCompression, to: "disk.gz")
    #expect(try folder.bytes(of: "disk.gz") == GzipMember.header + GzipMember.trailer(Checksum()))
  }

  @Test("The position is the length of what was written")
  func position() throws {
    let disk = Self.disk(clusterByteCount: 4096)
    let position = try compress(disk, by: .forCompression, to: "disk.gz")
    #expect(try folder.byteCount(of: "disk.gz") == Int(position))
  }

  @discardableResult
  private func compress(
    _ disk: [UInt8], by grid: ExtentGrid, threadCount: Int = 3, knowsZeros: Bool = false, to name: String
  ) throws -> UInt64 {
    let control = try ConversionControl()
    let output = try OutputFile.open(folder(name), force: true)
    let shape = grid.shape(threadCount: threadCount)
    let sink = try GzipSink(
      TargetFile(output.file, control: control), level: CompressionLevel(6), shape: shape,
      cancellation: control.cancellation)
    try Pipeline.run(
      from: MemoryDisk(disk, grid: grid, knowsZeros: knowsZeros), into: sink, shape: shape, control: control)
    try sink.finish()
    try output.commit(byteCount: sink.position, durably: false)
    return sink.position
  }

  /// What the file decodes to, of which `byteCount` bytes are expected.
  private func decoded(_ name: String, byteCount: Int) throws -> [UInt8] {
    let file = LookaheadStream(try OpenFile(reading: folder(name)), interrupt: try Interrupt())
    let stream = try GzipStream(file, path: name)
    var bytes = [UInt8](repeating: 0xEE, count: byteCount + 1)
    let count = try bytes.withUnsafeMutableBytes { try stream.read(into: $0) }
    return Array(bytes[..<count])
  }
}
