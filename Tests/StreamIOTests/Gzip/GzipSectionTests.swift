import TestSupport
import Testing

@testable import StreamIO

@Suite("Parts of a member that are decoded on several threads", .timeLimit(.minutes(15)))
struct GzipSectionTests {
  private static let shortcuts = GzipShortcuts(threadCount: 3)

  /// Blocks of data and zeros, as prlconv writes them; without the second marker, as it wrote them in version 1.0.
  private func blocks(
    _ fillings: [BlockFilling], byteCount: Int, hasSecondMarker: Bool = true, using generator: inout SeededRandom
  ) throws -> (compressed: [[UInt8]], data: [UInt8]) {
    let deflater = try #require(BlockDeflater(level: CompressionLevel(1), blockByteCount: byteCount))
    var (compressed, data): ([[UInt8]], [UInt8]) = ([], [])
    for filling in fillings {
      let bytes = filling.bytes(byteCount, using: &generator)
      let block = try #require(deflater.compressed(bytes))
      compressed.append(hasSecondMarker ? block : block.dropLast(BlockMarker.secondBlock.count))
      data += bytes
    }
    return (compressed, data)
  }

  private func decoded(_ bytes: [UInt8], shortcuts: GzipShortcuts = shortcuts) throws -> [UInt8] {
    try GzipStream(LookaheadStream(MemoryStream(bytes)), path: "disk.gz", shortcuts: shortcuts).all()
  }

  @Test(
    "They give the bytes of plain decompression, in order", arguments: [true, false], [1000, 40_000, 100_000])
  func whole(hasSecondMarker: Bool, byteCount: Int) throws {
    var generator = SeededRandom("sections", byteCount)
    let fillings = (0..<40).map { _ in BlockFilling.allCases.randomElement(using: &generator) ?? .zeros }
    let (compressed, data) = try blocks(
      fillings + [.zeros, .zeros, .zeros, .text], byteCount: byteCount, hasSecondMarker: hasSecondMarker,
      using: &generator)
    #expect(firstDifference(try decoded(member(compressed, of: data)), data) == nil)
    // Also in the second member, and where members are short.
    let two = member(compressed, of: data) + member([], of: []) + member(compressed, of: data)
    #expect(firstDifference(try decoded(two), data + data) == nil)
  }

  @Test("Data that looks like the end of a part is decoded in order", arguments: [BlockMarker.single, .double])
  func falseMarker(marker: BlockMarker) throws {
    var generator = SeededRandom("false markers")
    var (compressed, data): ([[UInt8]], [UInt8]) = ([], [])
    for index in 0..<60 {
      var bytes = Filling.random(3000, using: &generator)
      if index % 3 == 1 { bytes.replaceSubrange(1000..<1000 + marker.bytes.count, with: marker.bytes) }
      let lengths = [0xB8, 0x0B, 0x47, 0xF4] as [UInt8]
      compressed.append([0] + lengths + bytes + [0, 0, 0, 0xFF, 0xFF] + BlockMarker.secondBlock)
      data += bytes
    }
    #expect(firstDifference(try decoded(member(compressed, of: data)), data) == nil)
  }

  @Test("A change anywhere fails as in plain decompression", arguments: Exhaustive.cases(0..<200, brief: Array(0..<10)))
  func damaged(index: Int) throws {
    var generator = SeededRandom("damaged sections", index)
    let fillings = (0..<20).map { _ in BlockFilling.allCases.randomElement(using: &generator) ?? .zeros }
    let (compressed, data) = try blocks(
      fillings, byteCount: 20_000, hasSecondMarker: index % 2 == 0, using: &generator)
    var bytes = member(compressed, of: data)
    let place = Int.random(in: 10..<bytes.count, using: &generator)
    switch index % 4 {
    case 0: bytes.removeSubrange(place...)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(contentsOf: BlockMarker.double.bytes, at: place)
    default: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
    }
    try expectOutcomeOfPlain(bytes)
  }

  @Test(
    "An error of the input comes after the same bytes as in plain decompression", arguments: [0, 1, 70_000, 300_000])
  func inputError(missingByteCount: Int) throws {
    var generator = SeededRandom("input error", missingByteCount)
    let (compressed, data) = try blocks(Array(repeating: .random, count: 40), byteCount: 50_000, using: &generator)
    let failure = FileError(.system(.read, code: 5), path: "disk.gz")
    try expectOutcomeOfPlain(Array(member(compressed, of: data).dropLast(missingByteCount)), failure: failure)
  }

  @Test("Many short parts are decoded in order")
  func short() throws {
    var generator = SeededRandom("short sections")
    let (compressed, data) = try blocks(
      [.zeros, .text] + Array(repeating: .random, count: 200), byteCount: 500, using: &generator)
    #expect(firstDifference(try decoded(member(compressed, of: data)), data) == nil)
  }

  private func expectOutcomeOfPlain(_ bytes: [UInt8], failure: FileError? = nil) throws {
    let mine = try outcome(of: bytes, Self.shortcuts, failure: failure)
    let plain = try outcome(of: bytes, .none, failure: failure)
    #expect(mine.error == plain.error)
    #expect(failure == nil || mine.error == failure)
    #expect(firstDifference(mine.bytes, plain.bytes) == nil)
  }

  private func outcome(
    of bytes: [UInt8], _ shortcuts: GzipShortcuts, failure: FileError?
  ) throws -> (bytes: [UInt8], error: FileError?) {
    let stream = try GzipStream(
      LookaheadStream(MemoryStream(bytes, failure: failure)), path: "disk.gz", shortcuts: shortcuts)
    var found: [UInt8] = []
    do {
      while true {
        let part = try stream.next(1000)
        found += part
        guard part.count == 1000 else { return (found, nil) }
      }
    } catch let error as FileError {
      return (found, error)
    }
  }

  @Test("A stream may be left before its end")
  func abandoned() throws {
    var generator = SeededRandom("abandoned sections")
    let (compressed, data) = try blocks(
      Array(repeating: .text, count: 30), byteCount: 60_000, using: &generator)
    for byteCount in [1, 100_000, 700_000] {
      let stream = try GzipStream(
        LookaheadStream(MemoryStream(member(compressed, of: data))), path: "disk.gz", shortcuts: Self.shortcuts)
      #expect(firstDifference(try stream.next(byteCount), Array(data[..<byteCount])) == nil)
    }
  }
}
