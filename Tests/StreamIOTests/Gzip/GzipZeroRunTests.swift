import TestSupport
import Testing

@testable import StreamIO

@Suite("Compressed runs of zeros", .timeLimit(.minutes(15)))
struct GzipZeroRunTests {
  private func run(blockByteCount: Int) throws -> ZeroRun {
    let deflater = try #require(BlockDeflater(level: CompressionLevel(6), blockByteCount: blockByteCount))
    return ZeroRun(deflater: deflater)
  }

  private func pieces(of byteCount: UInt64, by run: ZeroRun, blockByteCount: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try #require(run.forEachPiece(of: byteCount, blockByteCount: blockByteCount) { bytes += $0 })
    return bytes
  }

  @Test("A run decodes to its zeros", arguments: [512, 4096, 252 << 10, 1 << 20])
  func contents(blockByteCount: Int) throws {
    let run = try run(blockByteCount: blockByteCount)
    let size = UInt64(blockByteCount)
    for byteCount in [0, 1, 511, size - 1, size, size + 1, 3 * size, 5 * size + 77] {
      let checksum = Checksum(ofZeros: byteCount)
      let member =
        try GzipMember.header + pieces(of: byteCount, by: run, blockByteCount: blockByteCount)
        + GzipMember.trailer(checksum)
      let stream = try GzipStream(member)
      var zeros = [UInt8](repeating: 0xEE, count: Int(byteCount) + 1)
      // The checksum in the trailer is compared by the decoder.
      let count = try zeros.withUnsafeMutableBytes { try stream.read(into: $0) }
      #expect(count == Int(byteCount), "\(byteCount) zeros")
    }
  }

  @Test("A run of many blocks is the block again and again")
  func repetition() throws {
    let run = try run(blockByteCount: 4096)
    let block = try pieces(of: 4096, by: run, blockByteCount: 4096)
    let many = try pieces(of: 4096 * 20_000, by: run, blockByteCount: 4096)
    #expect(firstDifference(many, Array(repeatElement(block, count: 20_000).joined())) == nil)
  }

  @Test("A TiB of zeros comes in few pieces, and in no more memory than one")
  func longRun() throws {
    let run = try run(blockByteCount: 1 << 20)
    var pieceCount = 0
    var byteCount = 0
    var addresses: Set<UInt> = []
    let isComplete = run.forEachPiece(of: 1 << 40, blockByteCount: 1 << 20) { piece in
      pieceCount += 1
      byteCount += piece.count
      addresses.insert(UInt(bitPattern: piece.baseAddress))
    }
    #expect(isComplete)
    #expect(pieceCount <= 8192)
    #expect(addresses.count == 1)
    #expect(byteCount < 1_100 << 20)
  }

  @Test("An error of the closure ends the run")
  func failure() throws {
    let run = try run(blockByteCount: 4096)
    var callCount = 0
    let failure = FileError(.write, "disk.gz", code: 28)
    #expect(throws: failure) {
      try run.forEachPiece(of: 1 << 40, blockByteCount: 4096) { (_) throws(FileError) in
        callCount += 1
        if callCount == 3 { throw failure }
      }
    }
    #expect(callCount == 3)
  }
}
