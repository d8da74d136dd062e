import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

/// What the end of a pipe takes from an image is known when it comes.
@Suite("An image that comes through a pipe and ends too soon", .timeLimit(.minutes(15)))
struct ClusterStreamTests {
  @Test("A cut cluster is refused with what is left of it", arguments: [1024, 3 << 20])
  func refused(clusterByteCount: Int) throws {
    let image = HandMadeImage(clusterByteCount: clusterByteCount, places: [0, nil, 1])
    let cut = clusterByteCount * 2 + 700
    let error = #expect(throws: ConversionError.self) { try read(image, cutAt: cut, ReadingPolicy()) }
    guard case .entry(let problem) = error?.cause else {
      Issue.record("the error is \(String(describing: error))")
      return
    }
    #expect(problem.index == 2)
    #expect(problem.kind == .cutByEnd(fileByteCount: UInt64(cut), foundByteCount: 700))
  }

  @Test("A cut cluster is a single loss", arguments: [1024, 4096, 64 << 10])
  func salvaged(clusterByteCount: Int) throws {
    let image = HandMadeImage(clusterByteCount: clusterByteCount, places: [0, nil, 1])
    let result = try read(image, cutAt: clusterByteCount * 2 + 700, ReadingPolicy(salvages: true))
    #expect(result.losses.count == 1)
    var disk = HandMadeImage.disk(clusterByteCount: clusterByteCount, places: [0, nil, 1]).bytes
    for index in clusterByteCount * 2 + 700..<disk.count { disk[index] = 0 }
    #expect(firstDifference(result.disk, disk) == nil)
  }

  @Test(
    "A cluster that comes in parts is a single loss, however many of them are missing", arguments: [0, 700, 1 << 20])
  func salvagedInParts(kept: Int) throws {
    let image = HandMadeImage(clusterByteCount: 3 << 20, places: [nil, 0])
    let result = try read(image, cutAt: (3 << 20) + kept, ReadingPolicy(salvages: true))
    #expect(result.losses.count == 1, "\(result.losses)")
  }

  @Test("A cluster that is missing as a whole is a loss, and zeros", arguments: [1024, 3 << 20])
  func missingCluster(clusterByteCount: Int) throws {
    let image = HandMadeImage(clusterByteCount: clusterByteCount, places: [0, 1])
    let result = try read(image, cutAt: clusterByteCount * 2, ReadingPolicy(salvages: true))
    #expect(!result.losses.isEmpty)
    let disk = HandMadeImage.disk(clusterByteCount: clusterByteCount, places: [0, nil]).bytes
    #expect(firstDifference(result.disk, disk) == nil)
  }

  @Test("Nothing is missing when only bytes after the disk are", arguments: [4096, 3 << 20])
  func nothingMissing(clusterByteCount: Int) throws {
    let sectors = clusterByteCount / 512 + 3
    let image = HandMadeImage(clusterByteCount: clusterByteCount, places: [0, 1], sectorCount: sectors)
    let result = try read(image, cutAt: clusterByteCount * 2 + 3 * 512, ReadingPolicy())
    let disk = HandMadeImage.disk(clusterByteCount: clusterByteCount, places: [0, 1], sectorCount: sectors)
    #expect(firstDifference(result.disk, disk.bytes) == nil)
  }

  private struct Reading {
    var disk: [UInt8]
    var losses: [String]
  }

  /// Reads the image through a pipe that ends after `byteCount` bytes.
  private func read(_ image: HandMadeImage, cutAt byteCount: Int, _ policy: ReadingPolicy) throws -> Reading {
    let notes = Notes()
    let control = try ConversionControl(report: notes.add)
    return try Pipe.feeding(Array(image.file.bytes.prefix(byteCount)), control: control) { input in
      let stream = try ClusterStream(input, name: "pipe", policy: policy, control: control)
      let grid = ExtentGrid(clusterByteCount: stream.clusters.header.clusterByteCount)
      let disk = try rawDisk(from: ImageStreamSource(stream, grid: grid), grid: grid, control: control)
      return Reading(disk: disk, losses: notes.losses)
    }
  }
}
