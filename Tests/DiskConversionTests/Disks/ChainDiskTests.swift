import TestSupport
import Testing

@testable import DiskConversion

@Suite("Images on top of each other", .timeLimit(.minutes(15)))
struct ChainDiskTests {
  @Test(
    "The guest sees the topmost image that is not absent, whatever the images are cut in",
    arguments: Exhaustive.cases(0..<8))
  func againstModel(round: Int) throws {
    var random = SeededRandom("chains", round)
    for number in 0..<20 {
      let byteCount = Int.random(in: 1...600, using: &random)
      let chain = try ModelledDisk.chain(byteCount: byteCount, using: &random)
      try chain.expectAgreement(using: &random, "chain \(number)")
    }
  }

  @Test("Zeros hide data below, and what is absent shows it")
  func zerosHide() throws {
    let file = try ModelledDisk.diskFile(of: [1, 2, 3])
    let top = ScatteredDisk([DiskExtent(0..<1, .zeros), DiskExtent(1..<3, .absent)])
    let below = ScatteredDisk([DiskExtent(0..<3, .data, at: 0, in: file)])
    let chain = ChainDisk(images: [top, below], byteCount: 3)
    #expect(try chain.contents(of: 0..<3) == [0, 2, 3])
    #expect(try chain.allExtents(in: 0..<3).map(\.contents) == [.zeros, .data])
  }

  @Test("Past the end of a shorter parent, those below it decide, and after all of them nothing")
  func shorterParent() throws {
    let file = try ModelledDisk.diskFile(of: [1, 2])
    let top = ScatteredDisk([DiskExtent(0..<6, .absent)])
    let parent = ScatteredDisk([DiskExtent(0..<1, .zeros)])
    let root = RawDisk(file: file, byteCount: 4)
    let chain = ChainDisk(images: [top, parent, root], byteCount: 6)
    let extents = try chain.allExtents(in: 0..<6)
    #expect(extents.map(\.contents) == [.zeros, .data, .zeros, .absent])
    #expect(extents.map(\.guestRange) == [0..<1, 1..<2, 2..<4, 4..<6])
    #expect(try chain.contents(of: 0..<6) == [0, 2, 0, 0, 0, 0])
  }

  @Test("Runs that are longer than the search goes at once are whole")
  func longRuns() throws {
    let tebibyte: UInt64 = 1 << 40
    let file = try ModelledDisk.diskFile(of: [1])
    let place = tebibyte / 2 + 12345
    let top = ScatteredDisk([DiskExtent(0..<tebibyte, .absent)])
    let zerosEnd = place + 1 + 1 << 35
    let below = ScatteredDisk([
      DiskExtent(0..<place, .absent), DiskExtent(place..<place + 1, .data, at: 0, in: file),
      DiskExtent(place + 1..<zerosEnd, .zeros),
    ])
    let chain = ChainDisk(images: [top, below], byteCount: tebibyte)
    let extents = try chain.allExtents(in: 0..<tebibyte)
    #expect(extents.map(\.contents) == [.absent, .data, .zeros, .absent])
    #expect(extents.map(\.guestEnd) == [place, place + 1, zerosEnd, tebibyte])
  }

  @Test("The largest disk without data is walked in a few steps")
  func hugeDisk() throws {
    let exbibyte: UInt64 = 1 << 60
    let images = [CountedDisk(byteCount: exbibyte), CountedDisk(byteCount: exbibyte)]
    let chain = ChainDisk(images: images, byteCount: exbibyte)
    #expect(try chain.data(from: 0) == nil)
    #expect(images.map(\.requests.state).allSatisfy { $0 < 100 })
  }
}

/// A disk without data that counts the requests it gets.
private struct CountedDisk: Disk {
  let byteCount: UInt64
  let requests = InTurn(0)

  func extent(at offset: UInt64, upTo end: UInt64) -> DiskExtent {
    requests.state += 1
    return DiskExtent(offset..<end, .absent)
  }
}
