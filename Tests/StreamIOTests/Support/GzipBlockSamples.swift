import TestSupport

@testable import StreamIO

/// Bytes that a disk may hold.
enum BlockFilling: String, CaseIterable {
  case zeros, text, random, pattern, alternating

  func bytes(_ count: Int, using generator: inout SeededRandom) -> [UInt8] {
    switch self {
    case .zeros:
      return [UInt8](repeating: 0, count: count)
    case .text:
      return Self.words(count, using: &generator)
    case .random:
      return Filling.random(count, using: &generator)
    case .pattern:
      return Filling.cluster(7, byteCount: count)
    case .alternating:
      var bytes: [UInt8] = []
      while bytes.count < count {
        bytes += Filling.random(32 << 10, using: &generator)
        bytes += Self.words(32 << 10, using: &generator)
      }
      return Array(bytes.prefix(count))
    }
  }

  private static func words(_ count: Int, using generator: inout SeededRandom) -> [UInt8] {
    let words = GzipSample.text.split(separator: UInt8(ascii: " "))
    var bytes: [UInt8] = []
    while bytes.count < count {
      bytes += words[Int.random(in: 0..<words.count, using: &generator)]
      bytes.append(UInt8(ascii: " "))
    }
    return Array(bytes.prefix(count))
  }
}

extension BlockDeflater {
  /// What a block becomes; nil when it can't be compressed.
  func compressed(_ bytes: [UInt8]) -> [UInt8]? {
    bytes.withUnsafeBytes { compress($0) } ? Array(compressed) : nil
  }
}

/// One member made of compressed blocks, of which `data` is the whole.
func member(_ blocks: [[UInt8]], of data: [UInt8]) -> [UInt8] {
  GzipMember.header + blocks.joined() + GzipMember.trailer(data.withUnsafeBytes { Checksum(of: $0) })
}
