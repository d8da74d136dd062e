import TestSupport
import Testing

@testable import StreamIO

@Suite("Blocks that are compressed each on its own", .timeLimit(.minutes(15)))
struct GzipDeflaterTests {
  private let sizes = [1, 511, 512, 8191, 8192, 32 << 10 - 1, 32 << 10, 32 << 10 + 1, 100_000, 1 << 20]

  private func deflater(_ level: Int = 6, blockByteCount: Int = 1 << 20) throws -> BlockDeflater {
    try #require(BlockDeflater(level: CompressionLevel(level), blockByteCount: blockByteCount))
  }

  @Test("A block of any size and filling comes back", arguments: BlockFilling.allCases)
  func oneBlock(filling: BlockFilling) throws {
    var generator = SeededRandom("blocks of \(filling)")
    let deflater = try deflater()
    for size in sizes {
      let data = filling.bytes(size, using: &generator)
      let block = try #require(deflater.compressed(data))
      #expect(firstDifference(try gunzipped(member([block], of: data)), data) == nil, "\(size) bytes")
    }
  }

  @Test("Every level comes back", arguments: Exhaustive.cases(1...9), BlockFilling.allCases)
  func everyLevel(level: Int, filling: BlockFilling) throws {
    var generator = SeededRandom("levels of \(filling)", level)
    let data = filling.bytes(200_000, using: &generator)
    let block = try #require(try deflater(level).compressed(data))
    #expect(firstDifference(try gunzipped(member([block], of: data)), data) == nil)
  }

  @Test("Blocks may be joined in any order", arguments: Exhaustive.cases(0..<6))
  func anyOrder(index: Int) throws {
    var generator = SeededRandom("order of blocks", index)
    let deflater = try deflater(1 + index)
    let parts = (0..<12).map { part in
      let size = sizes[Int.random(in: 0..<sizes.count - 1, using: &generator)]
      return BlockFilling.allCases[part % 5].bytes(size, using: &generator)
    }
    let blocks = try parts.map { try #require(deflater.compressed($0)) }
    let order = parts.indices.shuffled(using: &generator)
    let data = Array(order.map { parts[$0] }.joined())
    #expect(firstDifference(try gunzipped(member(order.map { blocks[$0] }, of: data)), data) == nil)
  }

  @Test("A block of any kind gives the same bytes whatever was compressed before", arguments: [1, 2, 4, 6, 9])
  func deterministic(level: Int) throws {
    var generator = SeededRandom("blocks before", level)
    let used = try deflater(level)
    for round in 0..<20 {
      let size = sizes[Int.random(in: 0..<sizes.count - 1, using: &generator)]
      let data = BlockFilling.allCases[round % 5].bytes(size, using: &generator)
      let first = try #require(try deflater(level).compressed(data))
      #expect(used.compressed(data).map { firstDifference($0, first) } == .some(nil), "round \(round)")
    }
  }

  @Test("Chunks may change between random and text, in any order", arguments: Exhaustive.cases(0..<8))
  func switching(index: Int) throws {
    var generator = SeededRandom("chunks", index)
    let kinds = (0..<32).map { _ in Bool.random(using: &generator) }
    let data = Array(
      kinds.map { (isText: Bool) in
        (isText ? BlockFilling.text : .random).bytes(32 << 10, using: &generator)
      }.joined())
    let block = try #require(try deflater(1 + index).compressed(data))
    #expect(firstDifference(try gunzipped(member([block], of: data)), data) == nil)
    let randomByteCount = kinds.count { !$0 } * 32 << 10
    #expect(block.count < randomByteCount + (data.count - randomByteCount) * 7 / 10 + 4096)
  }

  @Test("Random data grows by no more than a thousandth and a few bytes", arguments: 1...9)
  func incompressible(level: Int) throws {
    var generator = SeededRandom("random blocks", level)
    let deflater = try deflater(level)
    for size in [1, 511, 8192, 40_000, 1 << 17] {
      let data = Filling.random(size, using: &generator)
      let block = try #require(deflater.compressed(data))
      #expect(block.count <= size + size / 1000 + 32, "\(size) bytes became \(block.count)")
    }
  }

  @Test("A MiB of zeros becomes about a thousandth", arguments: 1...9)
  func zeros(level: Int) throws {
    let block = try #require(try deflater(level).compressed([UInt8](repeating: 0, count: 1 << 20)))
    // Level 1 does not look for the longest matches.
    #expect(block.count <= (level < 4 ? 6000 : 1100), "\(block.count)")
  }

  @Test("More effort makes text smaller")
  func levels() throws {
    var generator = SeededRandom("text for levels")
    let data = BlockFilling.text.bytes(400_000, using: &generator)
    let sizes = try [1, 6, 9].map { try #require(try deflater($0).compressed(data)).count }
    #expect(sizes[0] > sizes[1] && sizes[1] >= sizes[2], "\(sizes)")
  }

  @Test("A level out of range is the nearest in it")
  func clampedLevels() {
    #expect([-3, 0, 1, 6, 9, 10].map { CompressionLevel($0).number } == [1, 1, 1, 6, 9, 9])
  }
}
