import ParallelsFormat
import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

/// Disks of a few clusters, written as an image and compared with one that is put together by hand.
@Suite("An image in a file", .timeLimit(.minutes(15)))
struct ImageFileSinkTests {
  static let clusterByteCounts: [UInt64] = [512, 4096, 63 * 512, 252 << 10, 1 << 20, (1 << 20) + 512, 5 << 19]

  private let folder = TemporaryFolder()

  @Test(
    "Clusters of zeros are left out, the others lie in disk order",
    arguments: Exhaustive.cases(clusterByteCounts, brief: 3), [true, false])
  func withoutZeros(clusterByteCount: UInt64, knowsZeros: Bool) throws {
    for threadCount in [1, 3] {
      let disk = numbered("0.1..23.", clusterByteCount)
      let image = try write(disk, clusterByteCount, knowsZeros: knowsZeros, threadCount: threadCount)
      let expected = try expected(disk, clusterByteCount, entries: [1, 0, 2, 0, 0, 3, 4, 0])
      #expect(firstDifference(image.bytes, expected) == nil, "\(threadCount) threads")
      #expect(image.written.geometry == (try geometry(of: disk, clusterByteCount)))
      #expect(image.written.byteCount == UInt64(expected.count))
      #expect(image.written.allocatedClusterCount == 4)
    }
  }

  @Test(
    "With zeros stored, the image holds the whole disk", arguments: Exhaustive.cases(clusterByteCounts, brief: 3),
    [true, false])
  func withZeros(clusterByteCount: UInt64, knowsZeros: Bool) throws {
    let disk = numbered("0.1..23.", clusterByteCount)
    let image = try write(disk, clusterByteCount, storesZeros: true, knowsZeros: knowsZeros, threadCount: 2)
    let expected = try expected(disk, clusterByteCount, entries: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(firstDifference(image.bytes, expected) == nil)
  }

  @Test("A disk of zeros is header and table", arguments: Exhaustive.cases(clusterByteCounts, brief: 3))
  func allZero(clusterByteCount: UInt64) throws {
    let disk = numbered("....", clusterByteCount)
    let image = try write(disk, clusterByteCount, knowsZeros: false, threadCount: 2)
    #expect(firstDifference(image.bytes, try expected(disk, clusterByteCount, entries: [0, 0, 0, 0])) == nil)
    #expect(image.bytes.count == Int(clusterByteCount))
  }

  @Test(
    "A cluster with one byte is stored whole, wherever in it the byte is",
    arguments: Exhaustive.cases(clusterByteCounts, brief: 3))
  func oneByte(clusterByteCount: UInt64) throws {
    let size = Int(clusterByteCount)
    for position in [0, 1, size / 2, size - 1] {
      var disk = numbered("...", clusterByteCount)
      disk[size + position] = 1
      for knowsZeros in [true, false] {
        let image = try write(disk, clusterByteCount, knowsZeros: knowsZeros, threadCount: 3)
        #expect(firstDifference(image.bytes, try expected(disk, clusterByteCount, entries: [0, 1, 0])) == nil)
      }
    }
  }

  @Test("The last cluster is filled up with zeros", arguments: Exhaustive.cases(clusterByteCounts, brief: 3))
  func partOfLastCluster(clusterByteCount: UInt64) throws {
    let disk = Array(numbered("01", clusterByteCount).dropLast(100))
    let image = try write(disk, clusterByteCount, knowsZeros: false, threadCount: 2)
    let padded = disk + [UInt8](repeating: 0, count: 100)
    #expect(firstDifference(image.bytes, try expected(padded, clusterByteCount, entries: [1, 2])) == nil)
  }

  @Test("An empty disk is a header")
  func empty() throws {
    let image = try write([], 4096, knowsZeros: false, threadCount: 1)
    #expect(firstDifference(image.bytes, try expected([], 4096, entries: [])) == nil)
  }

  @Test("Clusters of zeros cause no write, and take no room in the file", arguments: [true, false])
  func observedWrites(knowsZeros: Bool) throws {
    let disk = numbered("..0...........1.", 1 << 20)
    let image = try write(disk, 1 << 20, knowsZeros: knowsZeros, threadCount: 2)
    // The header at the start and at the end, header and table in one cluster, two clusters of data.
    #expect(image.writtenByteCount == 64 + 64 + 3 << 20)
    #expect(try folder.byteCount(of: "image") == 3 << 20)
    #expect(try folder.allocatedByteCount(of: "image") <= 4 << 20)
  }

  @Test(
    "A cluster that is stored is written as a whole, its zeros too",
    arguments: Exhaustive.cases(clusterByteCounts, brief: 3), [true, false])
  func wholeClusters(clusterByteCount: UInt64, knowsZeros: Bool) throws {
    let size = Int(clusterByteCount)
    var disk = numbered("....", clusterByteCount)
    disk[size - 1] = 1
    disk[2 * size] = 1
    let some = try write(disk, clusterByteCount, knowsZeros: knowsZeros, threadCount: 2)
    #expect(some.writtenByteCount == 64 + 64 + 3 * clusterByteCount)
    let all = try write(disk, clusterByteCount, storesZeros: true, knowsZeros: knowsZeros, threadCount: 2)
    #expect(all.writtenByteCount == 64 + 64 + 5 * clusterByteCount)
  }

  @Test("A finished image has no holes")
  func noHoles() throws {
    let disk = numbered(".0.1....", 1 << 20)
    _ = try write(disk, 1 << 20, knowsZeros: true, threadCount: 2)
    let file = try OpenFile(reading: folder("image"))
    #expect(file.dataStart(from: 0, end: 3 << 20) == 0)
    #expect(file.dataEnd(from: 0, end: 3 << 20) == 3 << 20)
  }

  private struct Image {
    var bytes: [UInt8]
    var written: WrittenImage
    var writtenByteCount: UInt64
  }

  private func write(
    _ disk: [UInt8], _ clusterByteCount: UInt64, storesZeros: Bool = false, knowsZeros: Bool, threadCount: Int
  ) throws -> Image {
    let control = try ConversionControl()
    let grid = ExtentGrid(clusterByteCount: clusterByteCount)
    let shape = grid.shape(threadCount: threadCount)
    let geometry = try geometry(of: disk, clusterByteCount)
    let output = try OutputFile.open(folder("image"), force: true)
    let sink = try ImageFileSink(
      TargetFile(output.file, control: control), geometry: geometry, grid: grid, threadCount: shape.threadCount,
      stored: storesZeros ? .all : .data)
    try Pipeline.run(
      from: MemoryDisk(disk, grid: grid, knowsZeros: knowsZeros), into: sink, shape: shape, control: control)
    let written = try sink.finish(geometry)
    let bytes = try output.file.allBytes()
    try output.commit(byteCount: written.byteCount, durably: false)
    return Image(bytes: bytes, written: written, writtenByteCount: control.progress.writtenByteCount)
  }

  private func geometry(of disk: [UInt8], _ clusterByteCount: UInt64) throws -> ImageGeometry {
    try ImageGeometry(layout: .extended, clusterByteCount: clusterByteCount, byteCount: UInt64(disk.count))
  }

  /// Header and table in the first cluster, and the clusters of `disk` that have an entry.
  private func expected(_ disk: [UInt8], _ clusterByteCount: UInt64, entries: [UInt32]) throws -> [UInt8] {
    var image = Header(geometry: try geometry(of: disk, clusterByteCount), inUse: .closed).encoded
    for entry in entries { image.append(littleEndian: entry) }
    let size = Int(clusterByteCount)
    image += [UInt8](repeating: 0, count: size - image.count)
    for cluster in entries.indices where entries[cluster] != 0 { image += disk[cluster * size..<(cluster + 1) * size] }
    return image
  }
}
