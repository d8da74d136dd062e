import TestSupport
import Testing

@testable import StreamIO

@Suite("Zeros that are skipped in their compressed form", .timeLimit(.minutes(15)))
struct GzipShortcutTests {
  /// What was read before the end or an error.
  private struct Reading: Equatable {
    var bytes: [UInt8] = []
    var error: FileError?
    /// Zeros that were skipped instead of read.
    var skippedByteCount: UInt64 = 0

    private static let byteLimit = 72 << 20

    /// Reads pieces of a size; takes zeros without reading them where they are announced and that is wanted.
    init(_ compressed: [UInt8], _ shortcuts: GzipShortcuts, readByteCount: Int, skips: Bool = false) throws {
      let stream = try GzipStream(LookaheadStream(MemoryStream(compressed)), path: "disk.gz", shortcuts: shortcuts)
      var skippedByteCount: UInt64 = 0
      var error: FileError?
      bytes = [UInt8](unsafeUninitializedCapacity: Self.byteLimit) { memory, count in
        do throws(FileError) {
          while true {
            if skips {
              let zeros = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(memory)[count...].prefix(Int(stream.zerosAhead)))
              zeros.initializeMemory(as: UInt8.self, repeating: 0)
              skippedByteCount += UInt64(zeros.count)
              count += zeros.count
              stream.skipZeros(UInt64(zeros.count))
            }
            let room = UnsafeMutableRawBufferPointer(memory)[count...].prefix(readByteCount)
            let pieceByteCount = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: room))
            count += pieceByteCount
            guard pieceByteCount == readByteCount else { return }
          }
        } catch let failure {
          error = failure
        }
      }
      self.skippedByteCount = skippedByteCount
      self.error = error
    }
  }

  @Test("They are the zeros of plain decompression", arguments: Exhaustive.cases(0..<1000, brief: Array(0..<50)))
  func sound(index: Int) throws {
    var generator = SeededRandom("shortcuts", index)
    let members = (0..<Int.random(in: 1...2, using: &generator)).map { _ in ForeignGzip(using: &generator) }
    let stream = members.flatMap(\.bytes)
    let data = members.flatMap(\.data)
    let readByteCount = [1000, 65536, 1 << 20].randomElement(using: &generator) ?? 1000
    let plain = try Reading(stream, .none, readByteCount: readByteCount)
    #expect(firstDifference(plain.bytes, data) == nil)
    for skips in [false, true] {
      let reading = try Reading(stream, GzipShortcuts(threadCount: 2), readByteCount: readByteCount, skips: skips)
      #expect(firstDifference(reading.bytes, data) == nil)
      #expect(reading.error == nil)
    }
  }

  @Test("A damaged stream fails as in plain decompression", arguments: Exhaustive.cases(0..<1000, brief: Array(0..<50)))
  func damaged(index: Int) throws {
    var generator = SeededRandom("damaged shortcuts", index)
    var stream = ForeignGzip(using: &generator).bytes
    for _ in 0..<8 {
      let place = Int.random(in: 10..<stream.count, using: &generator)
      switch Int.random(in: 0...3, using: &generator) {
      case 0: stream.removeSubrange(place...)
      case 1: stream.insert(contentsOf: stream[place..<min(place + 300, stream.count)], at: place)
      default: stream[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      }
      guard stream.count > 11 else { return }
      for readByteCount in [1000, 1 << 18] {
        let plain = try Reading(stream, .none, readByteCount: readByteCount)
        let reading = try Reading(stream, GzipShortcuts(threadCount: 2), readByteCount: readByteCount)
        #expect(reading.error == plain.error)
        #expect(firstDifference(reading.bytes, plain.bytes) == nil)
      }
    }
  }

  @Test("All zeros but the first are skipped, whatever the level", arguments: 1...9)
  func skipped(level: Int) throws {
    let deflater = try #require(BlockDeflater(level: CompressionLevel(level), blockByteCount: 1 << 20))
    let zeros = [UInt8](repeating: 0, count: 1 << 20)
    let block = try #require(deflater.compressed(zeros))
    let data = [UInt8](repeating: 0, count: 64 << 20)
    let reading = try Reading(
      member(Array(repeating: block, count: 64), of: data), GzipShortcuts(threadCount: 2), readByteCount: 4096,
      skips: true)
    #expect(reading.bytes.count == 64 << 20 && reading.error == nil)
    #expect(reading.skippedByteCount >= 61 << 20)
  }

  @Test("Equal bytes that are stored are not taken for zeros of a match", arguments: [0, 0x55, 0xAA])
  func storedRun(byte: UInt8) throws {
    let data = [UInt8](repeating: 0, count: 100_000) + [UInt8](repeating: byte, count: 100_000)
    #expect(firstDifference(try gunzipped(GzipSample(data: data).bytes), data) == nil)
  }

  /// Up to seven bits after a block are left to be looked at when the stream is cut off there.
  @Test("The bits after the last whole block are judged")
  func bitsAfterBlock() throws {
    let block: [UInt8] = [0xEC, 0xC0, 0x01, 0x01, 0, 0, 0, 0x80, 0x90, 0xFE, 0xAF, 0xEE, 0x08, 0x01]
    let stream = GzipMember.header + block + [UInt8](repeating: 0, count: 99) + [0x6C]
    for shortcuts in [GzipShortcuts(threadCount: 2), .none] {
      let reading = try Reading(stream, shortcuts, readByteCount: 4096)
      #expect(reading.error?.reason == .gzip(.damaged("invalid block type")))
      #expect(reading.error?.byteOffset == 124)
    }
  }
}
