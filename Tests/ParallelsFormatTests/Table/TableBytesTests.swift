import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The table of entries as bytes")
struct TableBytesTests {
  @Test("An entry is 4 bytes, least significant first")
  func golden() {
    let table = BlockAllocationTable([0x0403_0201, 0, 0xFFFF_FFFF])
    #expect(encoded(table) == [0x01, 0x02, 0x03, 0x04, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])
  }

  @Test("Bytes are decoded at the index that is asked for")
  func decodeAtIndex() {
    var table = BlockAllocationTable(count: 5)
    table.decode(([0x0D, 0x0C, 0x0B, 0x0A, 7, 0, 0, 0] as [UInt8]).span.bytes, at: 2)
    #expect(table.allEntries == [0, 0, 0x0A0B_0C0D, 7, 0])
  }

  @Test("A piece of an entry at the end of the bytes is left alone")
  func decodeIncomplete() {
    var table = BlockAllocationTable(count: 2)
    table.decode(([1, 0, 0, 0, 2, 0, 0] as [UInt8]).span.bytes, at: 0)
    #expect(table.allEntries == [1, 0])
  }

  @Test("A buffer is filled with whole entries, as many as there are")
  func encodeIntoBuffer() {
    let table = BlockAllocationTable([1, 2, 3])
    var bytes = [UInt8](repeating: 0xEE, count: 10)
    #expect(bytes.withUnsafeMutableBytes { table.encode(from: 1, into: $0) } == 8)
    #expect(bytes == [2, 0, 0, 0, 3, 0, 0, 0, 0xEE, 0xEE])
    #expect(bytes.withUnsafeMutableBytes { table.encode(from: 0, into: $0) } == 8)
    #expect(bytes == [1, 0, 0, 0, 2, 0, 0, 0, 0xEE, 0xEE])
    #expect(bytes.withUnsafeMutableBytes { table.encode(from: 3, into: $0) } == 0)
  }

  @Test("What is encoded in pieces and decoded in others is the same", arguments: 0..<8)
  func roundTrip(round: Int) {
    var random = SeededRandom("table round trip", round)
    let count = Int.random(in: 0...3 * TablePage.count, using: &random)
    var table = BlockAllocationTable(count: count)
    for _ in 0..<count / 7 {
      table[Int.random(in: 0..<count, using: &random)] = UInt32.random(in: 0...UInt32.max, using: &random)
    }
    let bytes = encoded(table, pieceByteCount: Int.random(in: 4...100_000, using: &random))
    #expect(bytes.count == 4 * count)

    var decoded = BlockAllocationTable(count: count)
    var index = 0
    while index < count {
      let end = min(count, index + Int.random(in: 1...20_000, using: &random))
      decoded.decode(Array(bytes[4 * index..<4 * end]).span.bytes, at: index)
      index = end
    }
    let difference = (0..<count).first { table[$0] != decoded[$0] }
    #expect(difference == nil)
    #expect(decoded.allocatedCount == table.allocatedCount)
  }

  private func encoded(_ table: BlockAllocationTable, pieceByteCount: Int = 1 << 16) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: pieceByteCount)
    while bytes.count < 4 * table.count {
      let count = piece.withUnsafeMutableBytes { table.encode(from: bytes.count / 4, into: $0) }
      bytes += piece[..<count]
    }
    return bytes
  }
}
