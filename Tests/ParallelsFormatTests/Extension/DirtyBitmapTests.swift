import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("Dirty bitmaps as they stand in their section")
struct DirtyBitmapTests {
  private static func sample(_ l1Table: [UInt64] = [0, 1, 0x0102_0304_0506_0708]) throws -> DirtyBitmap {
    let id = try #require(BitmapID("00112233-4455-6677-8899-aabbccddeeff"))
    return DirtyBitmap(
      id: id, sectorCount: 0xA1A2_A3A4_A5A6_A7A8, granularitySectors: 0xB1B2_B3B4, l1Table: l1Table)
  }

  private func parse(_ data: [UInt8]) -> Result<DirtyBitmap, BitmapProblem> {
    do throws(BitmapProblem) {
      return .success(try DirtyBitmap(parsing: data))
    } catch {
      return .failure(error)
    }
  }

  @Test("What is written is read again", arguments: [[], [0], [1, 2, UInt64.max]] as [[UInt64]])
  func roundTrip(l1Table: [UInt64]) throws {
    let bitmap = try Self.sample(l1Table)
    let section = bitmap.section
    #expect(section.magic == 0x2038_5FAE_252C_B34A && section.flags == [])
    #expect(parse(section.data) == .success(bitmap))
  }

  @Test("The fields have the places that images give them: entries of 8 bytes")
  func places() throws {
    var expected: [UInt8] = []
    expected.append(littleEndian: 0xA1A2_A3A4_A5A6_A7A8 as UInt64)
    expected += (0..<16).map { $0 * 0x11 }
    expected.append(littleEndian: 0xB1B2_B3B4 as UInt32)
    expected.append(littleEndian: 3 as UInt32)
    for entry in [0, 1, 0x0102_0304_0506_0708] as [UInt64] { expected.append(littleEndian: entry) }
    #expect(try Self.sample().section.data == expected)
  }

  @Test("Every truncation is found")
  func truncations() throws {
    let data = try Self.sample().section.data
    for count in 0..<data.count {
      #expect(parse(Array(data[..<count])) == .failure(.truncated(byteCount: count)), "\(count) bytes")
    }
  }

  @Test("Bytes after the table are passed over")
  func spareBytes() throws {
    #expect(try parse(Self.sample().section.data + [1, 2, 3]) == .success(Self.sample()))
  }

  @Test("Every single bit turned over gives that value; only a longer table is refused")
  func bitFlips() throws {
    let data = try Self.sample().section.data
    for bit in 0..<data.count * 8 {
      let flipped = data.flipping(bit)
      let entryCount = flipped.span.bytes.littleEndian(UInt32.self, at: 28)
      switch parse(flipped) {
      case .success(let bitmap):
        let byteCount = 32 + 8 * Int(entryCount)
        #expect(bitmap.section.data == Array(flipped[..<byteCount]), "bit \(bit)")
      case .failure(let problem):
        #expect(entryCount > 3 && problem == .truncated(byteCount: data.count), "bit \(bit): \(problem)")
      }
    }
  }

  @Test(
    "Bits that count: one for each piece of the disk, the last one may be a part",
    arguments: [(0, 8, 0), (1, 8, 1), (8, 8, 1), (9, 8, 2), (.max, 1, .max), (5, 0, 0)] as [(UInt64, UInt32, UInt64)])
  func bitCount(sectors: UInt64, granularity: UInt32, bits: UInt64) throws {
    var bitmap = try Self.sample()
    (bitmap.sectorCount, bitmap.granularitySectors) = (sectors, granularity)
    #expect(bitmap.bitCount == bits)
  }

  @Test("An entry of the table is clean, dirty or a place; a table that is not there is clean")
  func chunks() throws {
    let bitmap = try Self.sample([0, 1, 2, 2048])
    #expect(
      (0..<6).map(bitmap.chunk)
        == [.clean, .dirty, .stored(byteOffset: 1024), .stored(byteOffset: 1 << 20), .clean, .clean])
  }
}

@Suite("The id of a dirty bitmap")
struct BitmapIDTests {
  static let text = "e4f2eed0-37fe-4539-b50b-85d2e7fd235f"
  static let bytes: [UInt8] = [
    0xE4, 0xF2, 0xEE, 0xD0, 0x37, 0xFE, 0x45, 0x39, 0xB5, 0x0B, 0x85, 0xD2, 0xE7, 0xFD, 0x23, 0x5F,
  ]

  @Test("Its bytes are in the order in which it is written")
  func order() {
    #expect(BitmapID(parsing: ([0xEE] + Self.bytes).span.bytes, at: 1).description == Self.text)
    #expect(BitmapID(Self.text)?.bytes == Self.bytes)
  }

  @Test("In braces or not, in any case", arguments: [text, "{\(text)}", text.uppercased(), "{\(text.uppercased())}"])
  func spellings(text: String) {
    #expect(BitmapID(text)?.bytes == Self.bytes)
  }

  @Test("Any id is read as it was written", arguments: 0..<20)
  func roundTrip(round: Int) {
    var random = SeededRandom("bitmap ids", round)
    let id = BitmapID(parsing: Filling.random(16, using: &random).span.bytes, at: 0)
    #expect(BitmapID(id.description) == id)
  }

  @Test(
    "Anything else is not an id",
    arguments: [
      "", "{}", "e4f2eed037fe4539b50b85d2e7fd235f", "e4f2eed0-37fe-4539-b50b-85d2e7fd235",
      "e4f2eed0-37fe-4539-b50b-85d2e7fd235fa", "e4f2eed0-37fe-4539-b50b85d2-e7fd235f",
      "g4f2eed0-37fe-4539-b50b-85d2e7fd235f", "+4f2eed0-37fe-4539-b50b-85d2e7fd235f",
      "{e4f2eed0-37fe-4539-b50b-85d2e7fd235f", " e4f2eed0-37fe-4539-b50b-85d2e7fd235f",
      "e4f2eed0-37fe-4539-b50b-85d2e7fd235f-", "ä4f2eed-37fe-4539-b50b-85d2e7fd235f",
      "{{e4f2eed0-37fe-4539-b50b-85d2e7fd235f}}",
    ])
  func nonsense(text: String) {
    #expect(BitmapID(text) == nil)
  }
}
