import Dispatch
import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

/// Reading at any place, against the disk that the image was made for.
@Suite("A disk that is read at random", .timeLimit(.minutes(15)))
struct ParallelsDiskTests {
  struct Row: Sendable, CustomStringConvertible {
    var magic: String
    var clusterByteCount: Int
    var clusterCount: Int
    var isShuffled: Bool

    var description: String { "\(magic), \(clusterByteCount), \(isShuffled ? "out of order" : "in order")" }
  }

  static let rows: [Row] = [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic].flatMap { magic in
    [(512, 3000), (4096, 300), (64 << 10, 24), (1 << 20, 5)].flatMap { size, count in
      [false, true].map { Row(magic: magic, clusterByteCount: size, clusterCount: count, isShuffled: $0) }
    }
  }

  private let folder = TemporaryFolder()

  @Test("Any range of it is what was put there, up to its end", arguments: Exhaustive.cases(rows, brief: 6))
  func randomRanges(row: Row) throws {
    var random = SeededRandom("randomRanges \(row)")
    let (disk, model) = try makeDisk(row, using: &random)
    #expect(disk.virtualByteCount == UInt64(model.count))
    #expect(disk.clusterByteCount == UInt64(row.clusterByteCount))
    for _ in 0..<60 { try expectRange(Self.range(on: model, using: &random), of: disk, as: model) }
    // All of it at once, which is more than one piece.
    try expectRange(0..<model.count, of: disk, as: model)
  }

  @Test("Several threads may read at once")
  func manyThreads() throws {
    var random = SeededRandom("manyThreads")
    let row = Row(magic: HandMadeImage.legacyMagic, clusterByteCount: 4096, clusterCount: 300, isShuffled: true)
    let (disk, model) = try makeDisk(row, using: &random)
    let seed = random.next()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      var random = SeededRandom(seed: seed &+ UInt64(thread))
      for _ in 0..<50 {
        #expect(throws: Never.self) {
          try expectRange(Self.range(on: model, using: &random), of: disk, as: model)
        }
      }
    }
  }

  @Test("Nothing is read at the end, past it, or for an empty buffer")
  func ends() throws {
    let disk = try open(HandMadeImage(clusterByteCount: 1024, places: [nil, 0], sectorCount: 3))
    #expect(try disk.bytes(in: 1536..<2000).isEmpty)
    #expect(try disk.bytes(in: UInt64.max - 1..<UInt64.max).isEmpty)
    #expect(try disk.bytes(in: 7..<7).isEmpty)
    #expect(try disk.bytes(in: 1535..<UInt64.max).count == 1)
    #expect(try disk.read(into: UnsafeMutableRawBufferPointer(start: nil, count: 0), at: 0) == 0)
  }

  @Test("Past the end of the disk the buffer stays as it was")
  func shortRead() throws {
    let disk = try open(HandMadeImage(clusterByteCount: 1024, places: [0, nil]))
    var buffer = [UInt8](repeating: 0xEE, count: 100)
    let count = try buffer.withUnsafeMutableBytes { try disk.read(into: $0, at: 2048 - 60) }
    #expect(count == 60)
    #expect(buffer[..<60].allSatisfy { $0 == 0 })
    #expect(buffer[60...].allSatisfy { $0 == 0xEE })
  }

  @Test("Its extents are those of the map")
  func extents() throws {
    let disk = try open(HandMadeImage(clusterByteCount: 1024, places: [0, 1, nil, nil, 3], sectorCount: 9))
    let mapped = try Self.extents(of: DiskMap(of: .path(folder("disk.hds")), control: ConversionControl()))
    #expect(try Self.extents(of: disk.extents) == mapped)
    #expect(
      mapped == [
        DiskExtent(0..<2048, .data, at: 1024), DiskExtent(2048..<4096, .absent),
        DiskExtent(4096..<4608, .data, at: 4096),
      ])
  }

  /// The extents of a map, without the open file, which is not the same for two maps.
  private static func extents(of map: DiskMap) throws -> [DiskExtent] {
    var map = map
    var extents: [DiskExtent] = []
    while var extent = try map.next() {
      extent.file = nil
      extents.append(extent)
    }
    return extents
  }

  @Test("A damaged image is refused, or read with zeros for what is lost")
  func salvages() throws {
    var image = HandMadeImage(clusterByteCount: 1024, places: [0, 1, 2])
    image.entries[1] = 77
    let error = #expect(throws: ConversionError.self) { try open(image) }
    guard case .entry(let problem) = error?.cause else {
      Issue.record("the error is \(String(describing: error))")
      return
    }
    #expect(problem.index == 1)

    let notes = Notes()
    let control = try ConversionControl(report: notes.add)
    let disk = try ParallelsDisk(
      .path(folder("disk.hds")), policy: ReadingPolicy(salvages: true), control: control)
    #expect(notes.losses.count == 1)
    let model = HandMadeImage.disk(clusterByteCount: 1024, places: [0, nil, 2]).bytes
    #expect(try disk.bytes(in: 0..<4096) == model)
  }

  @Test("An image that was not closed is refused, unless that is allowed")
  func dirty() throws {
    var image = HandMadeImage(clusterByteCount: 1024, places: [0])
    image.inUse = HandMadeImage.open
    let error = #expect(throws: ConversionError.self) { try open(image) }
    #expect(error?.cause == .header(.notClosed))
    let disk = try ParallelsDisk(
      .path(folder("disk.hds")), policy: ReadingPolicy(allowsDirty: true), control: ConversionControl())
    #expect(try disk.bytes(in: 0..<1024) == Filling.cluster(0, byteCount: 1024))
  }

  @Test("A file that was cut after it was opened does not read as zeros")
  func cutLater() throws {
    let image = HandMadeImage(clusterByteCount: 1024, places: [0, 1])
    let disk = try open(image)
    var file = image.file
    file.resize(to: 2048 + 100)
    try file.write(to: folder("disk.hds"))
    #expect(try disk.bytes(in: 0..<1024) == Filling.cluster(0, byteCount: 1024))
    let error = #expect(throws: ConversionError.self) { try disk.bytes(in: 1024..<2048) }
    #expect(error?.cause == .endedEarly(byteCount: 2048 + 100))
  }
}

extension ParallelsDiskTests {
  private func open(_ image: HandMadeImage) throws -> ParallelsDisk {
    try image.file.write(to: folder("disk.hds"))
    return try ParallelsDisk(.path(folder("disk.hds")), control: ConversionControl())
  }

  /// An image whose clusters are allocated, or not, by chance, its last one cut by the end of the disk.
  private func makeDisk(
    _ row: Row, using random: inout SeededRandom
  ) throws -> (disk: ParallelsDisk, model: [UInt8]) {
    var hosts = Array(0..<row.clusterCount)
    if row.isShuffled { hosts.shuffle(using: &random) }
    // Long runs of either kind, and short ones.
    var isAllocated = true
    let places = hosts.map { host in
      if Int.random(in: 0..<5, using: &random) == 0 { isAllocated.toggle() }
      return isAllocated ? host : nil
    }
    let sectorsPerCluster = row.clusterByteCount / 512
    let sectorCount = row.clusterCount * sectorsPerCluster - sectorsPerCluster / 2
    let image = HandMadeImage(
      row.magic, clusterByteCount: row.clusterByteCount, places: places, sectorCount: sectorCount)
    let model = HandMadeImage.disk(
      clusterByteCount: row.clusterByteCount, places: places, sectorCount: sectorCount)
    return (try open(image), model.bytes)
  }

  /// A range by chance: mostly short, some long, a few across the end of the disk.
  private static func range(on model: [UInt8], using random: inout SeededRandom) -> Range<Int> {
    let length = Int.random(in: 0..<5, using: &random) == 0 ? model.count : 20_000
    let start =
      Int.random(in: 0..<10, using: &random) == 0
      ? max(0, model.count - 300) : Int.random(in: 0..<model.count, using: &random)
    return start..<start + Int.random(in: 0...length, using: &random)
  }

  private func expectRange(_ range: Range<Int>, of disk: ParallelsDisk, as model: [UInt8]) throws {
    // Old contents, to distinguish zeros that were read from bytes that were left.
    var found = [UInt8](repeating: 0xEE, count: range.count)
    let count = try found.withUnsafeMutableBytes { try disk.read(into: $0, at: UInt64(range.lowerBound)) }
    let expected = Array(model[range.clamped(to: 0..<model.count)])
    #expect(count == expected.count, "\(range)")
    #expect(firstDifference(Array(found[..<count]), expected) == nil, "\(range)")
  }
}
