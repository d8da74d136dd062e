import TestSupport
import Testing

@testable import DiskConversion

@Suite("Disks side by side", .timeLimit(.minutes(15)))
struct SpanDiskTests {
  @Test("Each part shows its own disk, a chain too, whatever its length", arguments: Exhaustive.cases(0..<8))
  func againstModel(round: Int) throws {
    var random = SeededRandom("spans", round)
    for number in 0..<20 {
      let byteCount = Int.random(in: 1...800, using: &random)
      let span = try ModelledDisk.span(byteCount: byteCount, using: &random)
      try span.expectAgreement(using: &random, "span \(number)")
    }
  }

  @Test("What is past the end of a part's disk is absent, and the rest of a longer one is not seen")
  func otherLengths() throws {
    let file = try ModelledDisk.diskFile(of: [1, 2, 3, 4])
    let root = RawDisk(file: file, byteCount: 4)
    let span = SpanDisk([
      SpanDisk.Part(range: 0..<2, disk: root), SpanDisk.Part(range: 2..<8, disk: root),
      SpanDisk.Part(range: 8..<9, disk: root),
    ])
    #expect(span.byteCount == 9)
    #expect(try span.contents(of: 0..<9) == [1, 2, 1, 2, 3, 4, 0, 0, 1])
    let extents = try span.allExtents(in: 0..<9)
    #expect(extents.map(\.contents) == [.data, .data, .absent, .data])
    #expect(extents.map(\.guestRange) == [0..<2, 2..<6, 6..<8, 8..<9])
    #expect(extents.map(\.hostOffset) == [0, 0, nil, 0])
  }

  @Test("Parts whose bytes follow each other in a file are one extent")
  func joinedParts() throws {
    let file = try ModelledDisk.diskFile(of: [1, 2, 3, 4])
    let parts = (0..<4).map { number in
      SpanDisk.Part(
        range: number..<number + 1, disk: ScatteredDisk([DiskExtent(0..<1, .data, at: number, in: file)]))
    }
    #expect(try SpanDisk(parts).allExtents(in: 0..<4).map(\.guestRange) == [0..<4])
  }
}
