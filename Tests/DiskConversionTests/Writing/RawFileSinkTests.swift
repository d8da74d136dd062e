import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A raw disk in a file", .timeLimit(.minutes(15)))
struct RawFileSinkTests {
  private let folder = TemporaryFolder()
  private let control = Result { try ConversionControl() }

  @Test("The file is the disk, however its zeros come", arguments: [0, 512, 4096, 65536], [true, false])
  func contents(sparseByteCount: Int, knowsZeros: Bool) throws {
    let disk = sample()
    let file = try write(disk, sparseByteCount: sparseByteCount, readsAsZeros: true, knowsZeros: knowsZeros)
    #expect(firstDifference(try file.allBytes(), disk) == nil)
  }

  @Test("Zeros are written where the file does not read as zeros", arguments: [true, false])
  func overOldContents(knowsZeros: Bool) throws {
    let disk = sample()
    let old = [UInt8](repeating: 0xFF, count: disk.count)
    let file = try write(disk, over: old, sparseByteCount: 4096, readsAsZeros: false, knowsZeros: knowsZeros)
    #expect(firstDifference(try file.allBytes(), disk) == nil)
  }

  @Test("Blocks of zeros cause no write", arguments: [true, false])
  func observedWrites(knowsZeros: Bool) throws {
    let disk = sample()
    _ = try write(disk, sparseByteCount: 4096, readsAsZeros: true, knowsZeros: knowsZeros)
    #expect(try control.get().progress.writtenByteCount == 2 * 4096)
    #expect(try folder.byteCount(of: "disk") == disk.count)
    #expect(try folder.allocatedByteCount(of: "disk") < 1 << 18)
  }

  @Test("Without blocks of zeros, every zero is written")
  func everyZero() throws {
    let disk = sample()
    _ = try write(disk, sparseByteCount: 0, readsAsZeros: true, knowsZeros: true)
    #expect(try control.get().progress.writtenByteCount == UInt64(disk.count))
  }

  /// 4 MiB of zeros but for two bytes, each in a block of its own.
  private func sample() -> [UInt8] {
    var disk = [UInt8](repeating: 0, count: 4 << 20)
    disk[(1 << 20) + 5000] = 1
    disk[(3 << 20) - 1] = 2
    return disk
  }

  private func write(
    _ disk: [UInt8], over old: [UInt8] = [], sparseByteCount: Int, readsAsZeros: Bool, knowsZeros: Bool
  ) throws -> OpenFile {
    let control = try control.get()
    let output = try OutputFile.open(folder("disk"), force: true)
    try old.withUnsafeBytes { try output.file.write($0, at: 0) }
    try output.file.truncate(to: UInt64(disk.count))
    let grid = ExtentGrid(clusterByteCount: 1 << 20)
    let shape = grid.shape(threadCount: 3)
    let sink = RawFileSink(
      TargetFile(output.file, control: control), sparseByteCount: sparseByteCount,
      over: readsAsZeros ? .zeros : .data, threadCount: shape.threadCount)
    try Pipeline.run(
      from: MemoryDisk(disk, grid: grid, knowsZeros: knowsZeros), into: sink, shape: shape, control: control)
    try output.commit(byteCount: UInt64(disk.count), durably: false)
    return try OpenFile(reading: folder("disk"))
  }
}
