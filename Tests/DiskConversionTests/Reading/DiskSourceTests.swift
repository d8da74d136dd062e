import ParallelsFormat
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A disk that is read from its start to its end", .timeLimit(.minutes(15)))
struct DiskSourceTests {
  @Test("The whole disk comes once, in the extents of the grid", arguments: Exhaustive.cases(0..<8))
  func wholeDisk(round: Int) throws {
    var random = SeededRandom("a whole disk", round)
    for number in 0..<30 {
      let sample = try Sample(using: &random)
      let end = sample.disk.disk.byteCount
      let source = DiskSource(sample.disk.disk, grid: sample.grid)
      try sample.expectExtents(of: source, over: end == 0 ? [] : [0..<end], "disk \(number)")
    }
  }

  @Test("A disk that is wanted longer, or shorter, is filled up with zeros, or cut", arguments: 0..<4)
  func otherLength(round: Int) throws {
    var random = SeededRandom("a disk of another length", round)
    for number in 0..<30 {
      let sample = try Sample(using: &random)
      let end = UInt64.random(in: 1...1000, using: &random)
      let source = DiskSource(sample.disk.disk, upTo: end, grid: sample.grid)
      try sample.expectExtents(of: source, over: [0..<end], "disk \(number)")
    }
  }

  @Test("Any ranges come as they were asked for, past the end of the disk too", arguments: Exhaustive.cases(0..<8))
  func ranges(round: Int) throws {
    var random = SeededRandom("ranges of a disk", round)
    for number in 0..<30 {
      let sample = try Sample(using: &random)
      // Every other gap is left out, so that some ranges touch the next.
      let end = sample.disk.disk.byteCount + 200
      let borders = Set((0..<12).map { _ in UInt64.random(in: 0...end, using: &random) }).sorted()
      let ranges = zip(borders, borders.dropFirst()).map { $0..<$1 }
        .filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
      let source = DiskSource(sample.disk.disk, over: ListedRanges(ranges), grid: sample.grid)
      try sample.expectExtents(of: source, over: ranges, "disk \(number), \(ranges)")
    }
  }

  @Test("A disk is gone over once, however many ranges there are")
  func oneWalk() throws {
    let disk = CountingDisk(byteCount: 1 << 20)
    let ranges = (0..<1000 as Range<UInt64>).map { $0 * 1000..<$0 * 1000 + 500 }
    let grid = ExtentGrid(clusterByteCount: 512)
    let source = DiskSource(disk, over: ListedRanges(ranges), grid: grid)
    let slot = try Slot(byteCount: Int(grid.extentByteCount))
    while try source.take(into: slot) {}
    #expect(disk.askedCount.state == 1)
  }
}

/// A disk by chance, a grid by chance, and what there is to expect of a source with both.
private struct Sample {
  let control: ConversionControl
  let disk: ModelledDisk
  let grid: ExtentGrid

  init(using random: inout SeededRandom) throws {
    control = try ConversionControl()
    disk = try .any(
      byteCount: Int.random(in: 0...800, using: &random), progress: control.progress, using: &random)
    grid = ExtentGrid(
      clusterByteCount: UInt64.random(in: 1...150, using: &random),
      byteLimit: UInt64.random(in: 1...200, using: &random))
  }

  /// Takes all of `source`, whose ranges are `ranges`.
  func expectExtents(of source: DiskSource, over ranges: [Range<UInt64>], _ comment: Comment) throws {
    let slot = try Slot(byteCount: Int(grid.extentByteCount))
    for range in ranges {
      var position = range.lowerBound
      while position < range.upperBound {
        guard try source.take(into: slot), slot.extent.guestOffset == position, slot.extent.byteCount > 0 else {
          Issue.record("the extent at \(position) is \(slot.extent): \(comment)")
          return
        }
        position = slot.extent.guestEnd
        try expectExtent(in: slot, from: source, range: range, comment)
      }
      #expect(position == range.upperBound, comment)
    }
    #expect(try !source.take(into: slot), comment)
    #expect(try !source.take(into: slot), comment)
    // What is data is read once, and nothing else is read.
    let dataByteCount = ranges.reduce(0) { $0 + disk.model.dataByteCount(in: $1) }
    #expect(control.progress.readByteCount == UInt64(dataByteCount), comment)
  }

  private func expectExtent(
    in slot: Slot, from source: DiskSource, range: Range<UInt64>, _ comment: Comment
  ) throws {
    let extent = slot.extent
    let model = disk.model
    let data = model.runs(in: extent.guestRange).filter { $0.contents == .data }
    #expect(extent.contents == (data.isEmpty ? .zeros : .data), comment)
    try source.locate(slot)
    #expect(slot.pieces.map(DiskModel.Run.init) == data, comment)
    guard !extent.isZero else { return }
    // An extent of the grid, as far as the range has it: never more, never less.
    #expect(extent.guestOffset == max(range.lowerBound, grid.start(at: extent.guestOffset)), comment)
    #expect(extent.guestEnd == min(range.upperBound, grid.end(after: extent.guestOffset)), comment)
    slot.buffer.copyBytes(from: [UInt8](repeating: 0xEE, count: slot.buffer.count))
    try source.load(slot)
    #expect(firstDifference([UInt8](slot.bytes), model.contents(of: extent.guestRange)) == nil, comment)
  }
}

/// Ranges in a list.
private struct ListedRanges: DiskRanges {
  private var rest: ArraySlice<Range<UInt64>>

  init(_ ranges: [Range<UInt64>]) { rest = ranges[...] }

  mutating func next() -> Range<UInt64>? { rest.popFirst() }
}

/// A disk that is all data, and counts how often it is asked for an extent.
private struct CountingDisk: Disk {
  let byteCount: UInt64
  let askedCount = InTurn(0)

  func extent(at offset: UInt64, upTo end: UInt64) -> DiskExtent {
    askedCount.state += 1
    return DiskExtent(offset..<end, .data)
  }
}
