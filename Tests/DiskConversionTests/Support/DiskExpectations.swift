import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

extension Disk {
  /// The extents of a range.
  func allExtents(in range: Range<UInt64>) throws -> [DiskExtent] {
    var extents = extents(in: range)
    var all: [DiskExtent] = []
    while let extent = try extents.next() { all.append(extent) }
    return all
  }

  /// The bytes of a range, read over others.
  func contents(of range: Range<UInt64>) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: range.count)
    try bytes.withUnsafeMutableBytes { try read(into: $0, at: range.lowerBound) }
    return bytes
  }
}

extension ModelledDisk {
  /// Expects that the disk agrees with its model in the whole disk and in ranges by chance, some past its end.
  func expectAgreement(using random: inout SeededRandom, _ comment: Comment) throws {
    let end = UInt64(model.bytes.count)
    #expect(disk.byteCount == end, comment)
    try expectAgreement(in: 0..<end, comment)
    for _ in 0..<10 {
      let range = Self.range(upTo: end + 20, using: &random)
      try expectAgreement(in: range, comment)
      try expectSameAnswer(of: range, cutAt: (0..<4).map { _ in .random(in: range, using: &random) }, comment)
      if range.lowerBound < end { try expectExtent(at: range.lowerBound, upTo: min(range.upperBound, end), comment) }
    }
  }

  /// A range that is not empty.
  static func range(upTo end: UInt64, using random: inout SeededRandom) -> Range<UInt64> {
    let start = UInt64.random(in: 0..<end, using: &random)
    return start..<UInt64.random(in: start + 1...end, using: &random)
  }

  /// The extents are all there, in order, and as long as they can be; the pieces are those that are data.
  private func expectAgreement(in range: Range<UInt64>, _ comment: Comment) throws {
    let expected = model.runs(in: range)
    #expect(try disk.allExtents(in: range).map(DiskModel.Run.init) == expected, comment)
    let pieces = try disk.pieces(of: range)
    #expect(pieces.map(DiskModel.Run.init) == expected.filter { $0.contents == .data }, comment)
    #expect(firstDifference(try disk.contents(of: range), model.contents(of: range)) == nil, comment)
  }

  /// However a range is cut, its extents are the same once they are joined again.
  private func expectSameAnswer(of range: Range<UInt64>, cutAt cuts: [UInt64], _ comment: Comment) throws {
    let borders = Set(cuts + [range.lowerBound, range.upperBound]).sorted()
    var joined: [DiskExtent] = []
    for (start, end) in zip(borders, borders.dropFirst()) {
      for extent in try disk.allExtents(in: start..<end) {
        if let last = joined.popLast() {
          joined += last.joined(with: extent).map { [$0] } ?? [last, extent]
        } else {
          joined.append(extent)
        }
      }
    }
    #expect(joined == (try disk.allExtents(in: range)), comment)
  }

  /// A single extent may be shorter than it could be, but has bytes, and ends where it was asked to.
  private func expectExtent(at offset: UInt64, upTo end: UInt64, _ comment: Comment) throws {
    let extent = try disk.extent(at: offset, upTo: end)
    #expect(extent.guestOffset == offset && extent.byteCount > 0 && extent.guestEnd <= end, comment)
    #expect(model.runs(in: extent.guestRange) == [DiskModel.Run(extent)], comment)
    let firstData = model.runs(in: offset..<disk.byteCount).first { $0.contents == .data }
    #expect(try disk.data(from: offset)?.guestOffset == firstData?.range.lowerBound, comment)
  }
}
