import TestSupport
import Testing

@testable import StreamIO

@Suite("The search for bytes that are not zero")
struct ZeroScanTests {
  @Test("Zeros of any length and alignment are zeros", arguments: 0...300)
  func zeros(byteCount: Int) {
    let buffer = [UInt8](repeating: 0, count: byteCount + 8)
    for alignment in 0..<8 {
      #expect(buffer.withUnsafeBytes { isAllZero(.init(rebasing: $0[alignment..<alignment + byteCount])) })
    }
  }

  @Test(
    "Every single byte that is not zero is found",
    arguments: [1, 7, 8, 63, 64, 127, 128, 129, 255, 256, 383, 512, 1027])
  func everyByte(byteCount: Int) {
    var buffer = [UInt8](repeating: 0, count: byteCount + 16)
    for alignment in [0, 1, 7, 13] {
      for position in 0..<byteCount {
        for value in [0x01, 0x80] as [UInt8] {
          buffer[alignment + position] = value
          let found = !buffer.withUnsafeBytes { isAllZero(.init(rebasing: $0[alignment..<alignment + byteCount])) }
          #expect(found, "byte \(position) of \(byteCount), alignment \(alignment)")
          buffer[alignment + position] = 0
        }
      }
    }
  }

  @Test("Bytes beside the buffer do not count", arguments: [0, 1, 127, 128, 129, 512])
  func neighbours(byteCount: Int) {
    var buffer = [UInt8](repeating: 0xFF, count: byteCount + 2)
    for position in 0..<byteCount { buffer[1 + position] = 0 }
    #expect(buffer.withUnsafeBytes { isAllZero(.init(rebasing: $0[1..<1 + byteCount])) })
  }

  @Test("A buffer without memory is zeros")
  func noMemory() {
    #expect(isAllZero(UnsafeRawBufferPointer(start: nil, count: 0)))
  }

  @Test("The last byte of a large buffer is found")
  func large() {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    #expect(buffer.withUnsafeBytes { isAllZero($0) })
    buffer[buffer.count - 1] = 1
    #expect(!buffer.withUnsafeBytes { isAllZero($0) })
  }
}

@Suite("The runs of data between blocks of zeros")
struct DataRunsTests {
  @Test("Blocks of zeros are left out, neighbours with data are one run")
  func simple() {
    let bytes: [UInt8] = [0, 0, 1, 0, 0, 2, 0, 0, 0, 3]
    #expect(runs(bytes, blockByteCount: 2) == [2..<6, 8..<10])
    #expect(runs(bytes, blockByteCount: 5) == [0..<10])
    #expect(runs(bytes, blockByteCount: 100) == [0..<10])
    #expect(runs([], blockByteCount: 2).isEmpty)
    #expect(runs([0, 0, 0], blockByteCount: 2).isEmpty)
  }

  @Test("Blocks begin at multiples of their size in the file, not in the buffer")
  func alignment() {
    let bytes: [UInt8] = [0, 1, 0, 0, 0, 0, 1, 0]
    #expect(runs(bytes, at: 0, blockByteCount: 4) == [0..<8])
    #expect(runs(bytes, at: 6, blockByteCount: 4) == [0..<2, 6..<8])
    #expect(runs(bytes, at: 4_000_000_003, blockByteCount: 4) == [1..<8])
  }

  @Test("Any bytes at any offset: the same as block by block", arguments: 0..<4)
  func againstNaive(round: Int) {
    var random = SeededRandom("data runs", round)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        UInt8.random(in: 0...15, using: &random) == 0 ? UInt8.random(in: 0...255, using: &random) : 0
      }
      let block = Int.random(in: 1...48, using: &random)
      let offset = UInt64.random(in: 0...1 << 40, using: &random)
      #expect(
        runs(bytes, at: offset, blockByteCount: block) == naive(bytes, at: offset, blockByteCount: block),
        "\(bytes) at \(offset), blocks of \(block)")
    }
  }

  private func runs(_ bytes: [UInt8], at offset: UInt64 = 0, blockByteCount: Int) -> [Range<Int>] {
    bytes.withUnsafeBytes { dataRuns(in: $0, at: offset, blockByteCount: blockByteCount) }
  }

  /// Byte by byte: each is in a run when a byte of its block is not zero.
  private func naive(_ bytes: [UInt8], at offset: UInt64, blockByteCount: Int) -> [Range<Int>] {
    let blocks = bytes.indices.map { (offset + UInt64($0)) / UInt64(blockByteCount) }
    let occupied = Set(bytes.indices.filter { bytes[$0] != 0 }.map { blocks[$0] })
    var runs: [Range<Int>] = []
    for index in bytes.indices where occupied.contains(blocks[index]) {
      if let last = runs.last, last.upperBound == index {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }
}
