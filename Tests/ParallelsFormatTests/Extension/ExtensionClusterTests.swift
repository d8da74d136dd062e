import TestSupport
import Testing

@testable import ParallelsFormat

/// An image of 4 clusters of 4096 bytes, whose extension is the third cluster of the file, at sector 16.
@Suite("The format extension as it goes by")
struct ExtensionClusterTests {
  @Test("An image without an extension has nothing to check")
  func none() throws {
    #expect(ExtensionCluster(header: try .sample(clusters: 4)) == nil)
  }

  @Test("A sound extension, with and without a bitmap", arguments: [[], section()])
  func sound(sections: [UInt8]) throws {
    #expect(try problem(of: cluster(sections)) == nil)
  }

  @Test("The same in any pieces", arguments: 0..<10)
  func pieces(round: Int) throws {
    var random = SeededRandom("extension", round)
    var check = try #require(ExtensionCluster(header: header(at: 16)))
    let file = [UInt8](repeating: 0xEE, count: 8192) + cluster(Self.section()) + [UInt8](repeating: 0xEE, count: 4096)
    var start = 0
    while start < file.count {
      let end = min(file.count, start + Int.random(in: 1...3000, using: &random))
      check.feed(Array(file[start..<end]).span.bytes, at: UInt64(start))
      start = end
    }
    #expect(try check.finish(fileByteCount: UInt64(file.count)).sections.count == 1)
  }

  @Test("Any byte that changed is found", arguments: [0, 7, 8, 23, 24, 100, 4095])
  func damaged(position: Int) throws {
    var bytes = cluster(Self.section())
    bytes[position] ^= 1
    switch try problem(of: bytes) {
    case .wrongMagic: #expect(position < 8)
    case .wrongChecksum: #expect(position >= 8)
    case let other: Issue.record("\(String(describing: other))")
    }
  }

  @Test("A file that ends inside the extension", arguments: [1, 24, 4095])
  func cut(byteCount: Int) throws {
    let bytes = Array(cluster([]).prefix(byteCount))
    #expect(try problem(of: bytes) == .cutByEnd(fileByteCount: UInt64(8192 + byteCount)))
  }

  @Test("A section that reaches past the cluster", arguments: [4096, UInt32.max])
  func longFeature(dataByteCount: UInt32) throws {
    let found = try problem(of: cluster(Self.section(dataByteCount: dataByteCount)))
    #expect(found == .sectionTooLong(offset: 24))
  }

  @Test("A place where no extension can be", arguments: [0x7FFF_FFFF_FFFF_FFFF, .max, 1 << 54, 1000, 17] as [UInt64])
  func misplaced(sectors: UInt64) throws {
    let check = try #require(ExtensionCluster(header: header(at: sectors)))
    guard case .misplaced(sectors, _) = problem(of: check, fileByteCount: 1 << 14) else {
      Issue.record("\(sectors) is taken for a place")
      return
    }
  }

  @Test("An extension inside the table")
  func insideTable() throws {
    var header = try Header.sample(clusters: 4000)
    header.extensionOffsetSectors = 8
    let check = try #require(ExtensionCluster(header: header))
    #expect(
      problem(of: check, fileByteCount: 1 << 20)
        == .misplaced(sectors: 8, reason: "inside the header or BAT (16064 bytes)"))
  }

  private func header(at sectors: UInt64) throws -> Header {
    var header = try Header.sample(clusters: 4)
    header.extensionOffsetSectors = sectors
    return header
  }

  /// What is found when `bytes` stand at the extension's place and the file ends with them.
  private func problem(of bytes: [UInt8]) throws -> ExtensionProblem? {
    var check = try #require(ExtensionCluster(header: header(at: 16)))
    check.feed(bytes.span.bytes, at: 8192)
    return problem(of: check, fileByteCount: UInt64(8192 + bytes.count))
  }

  private func problem(of cluster: ExtensionCluster, fileByteCount: UInt64) -> ExtensionProblem? {
    do throws(ExtensionProblem) {
      _ = try cluster.finish(fileByteCount: fileByteCount)
      return nil
    } catch {
      return error
    }
  }

  /// The extension's cluster, with a right MD5.
  private func cluster(_ sections: [UInt8]) -> [UInt8] {
    let body = sections + [UInt8](repeating: 0, count: 4096 - 24 - sections.count)
    var digest = MD5()
    digest.update(body.span.bytes)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: FormatExtension.magic)
    return bytes + digest.finish() + body
  }

  /// A feature section with 20 bytes of data, padded to 8.
  private static func section(
    magic: UInt64 = DirtyBitmap.magic, dataByteCount: UInt32 = 20
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: magic)
    bytes.append(littleEndian: 0 as UInt64)
    bytes.append(littleEndian: dataByteCount)
    bytes.append(littleEndian: 0 as UInt32)
    return bytes + [UInt8](repeating: 0x5A, count: 20) + [UInt8](repeating: 0, count: 4)
  }
}
