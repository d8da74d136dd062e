import Testing

@testable import ParallelsFormat

/// An image's first bytes with one bit turned over give a value or an error: a trap would end the whole run.
@Suite("Every single bit of header and first entries turned over")
struct BitFlipTests {
  static let entries: [UInt32] = [1, 3, 0, 2, 0xFFFF_FFFE, 2, 0, 8]

  @Test("In the header: the field has the new value, or is refused", arguments: Layout.allCases)
  func header(layout: Layout) throws {
    let bytes = try Header.sample(layout, clusters: 8).encoded
    for bit in 0..<bytes.count * 8 {
      let flipped = bytes.flipping(bit)
      switch Result(catching: { () throws(FormatError) in try Header(flipped) }) {
      case .failure(let error):
        #expect(error.isAbout(byte: bit / 8), "bit \(bit): \(error)")
      case .success(let header) where layout == .legacy && 40..<44 ~= bit / 8:
        #expect(header.encoded == bytes, "bit \(bit) is in the half of nb_sectors that does not count")
      case .success(let header):
        #expect(header.encoded == flipped, "bit \(bit)")
      }
    }
  }

  @Test("In header and entries: the inspection comes to its end", arguments: Layout.allCases)
  func inspection(layout: Layout) throws {
    let entryBytes = Self.entries.flatMap { entry in (0..<4).map { UInt8(truncatingIfNeeded: entry >> ($0 * 8)) } }
    let bytes = try Header.sample(layout, clusters: 8).encoded + entryBytes
    var inspected = 0
    for bit in 0..<bytes.count * 8 {
      let flipped = bytes.flipping(bit)
      guard let header = try? Header(flipped) else { continue }
      var table = BlockAllocationTable(count: Int(header.batEntryCount))
      let present = min(table.count, Self.entries.count) * BlockAllocationTable.entryByteCount
      table.decode(Array(flipped[64..<64 + present]).span.bytes, at: 0)
      for fileByteCount in [nil, 0, 1, 4096 * 3 + 17, .max] as [UInt64?] {
        let inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
        _ = inspection.headerProblems
        _ = Result { try ExtensionCluster(header: header)?.finish(fileByteCount: fileByteCount ?? .max) }
        inspection.forEachHostSpaceProblem(extensionClusters: []) {
          #expect(!$0.description.isEmpty, "bit \(bit)")
        }
        inspection.forEachProblem { problem in
          #expect(problem.index < inspection.entryCount, "bit \(bit)")
          #expect(problem.entry != 0, "bit \(bit)")
        }
        inspected += 1
      }
    }
    #expect(inspected > 4 * 8 * 32, "too few of the flipped images were parsed to be inspected")
  }

  @Test("Entries of the largest values in the largest clusters keep their offsets in 64 bits")
  func extremes() throws {
    var header = try Header.sample(clusters: 1)
    header.sectorsPerCluster = FormatLimits.sectorsPerCluster
    header.batEntryCount = FormatLimits.batEntryCount
    header.sectorCount = FormatLimits.sectorCount
    var table = BlockAllocationTable(count: Int(header.batEntryCount))
    table[table.count - 2] = .max
    table[table.count - 1] = .max - 1
    let inspection = TableInspection(header: header, table: table, fileByteCount: nil)
    #expect(!inspection.isInStreamOrder)
    #expect(inspection.lastByteOffset == 0xFFFF_FFFF * 4_186_127 * 512)
    #expect(findings(header, table, fileByteCount: nil) == [Finding(table.count - 2, .reserved)])
  }
}

extension FormatError {
  /// Whether a header can be refused with this error for what stands in that byte.
  fileprivate func isAbout(byte: Int) -> Bool {
    switch self {
    case .unknownMagic: byte < 16
    case .unknownVersion: 16..<20 ~= byte
    case .zeroClusterSize, .clusterTooLarge: 28..<32 ~= byte
    case .tableTooLong: 32..<36 ~= byte
    case .diskTooLarge: 36..<44 ~= byte
    case .truncated, .clusterNotSectors, .tooLargeForLegacyLayout: false
    }
  }
}
