import Testing

@testable import ParallelsFormat

/// Clusters of 4096 bytes, four of them: header and table end at byte 80, inside the first cluster of the file.
@Suite("Where an entry may point")
struct EntryPlaceTests {
  @Test("Entries inside the file are right")
  func sound() throws {
    let header = try Header.sample(clusters: 4)
    #expect(findings(header, BlockAllocationTable([1, 2, 3, 4]), fileByteCount: 5 * 4096).isEmpty)
  }

  @Test("An entry of 0 is not a cluster, wherever the file ends")
  func unallocated() throws {
    let header = try Header.sample(clusters: 4)
    #expect(findings(header, BlockAllocationTable([0, 0, 0, 0]), fileByteCount: 80).isEmpty)
  }

  @Test("An entry far past the end of the file")
  func pastEnd() throws {
    let header = try Header.sample(clusters: 4)
    let table = BlockAllocationTable([1, 0, 900, 0])
    #expect(findings(header, table, fileByteCount: 8192) == [Finding(2, .pastEnd(fileByteCount: 8192))])
  }

  @Test("An entry just at the end of the file is past it")
  func atEnd() throws {
    let header = try Header.sample(clusters: 4)
    let table = BlockAllocationTable([0, 2, 0, 0])
    #expect(findings(header, table, fileByteCount: 8192) == [Finding(1, .pastEnd(fileByteCount: 8192))])
    #expect(
      findings(header, table, fileByteCount: 8193)
        == [Finding(1, .cutByEnd(fileByteCount: 8193, foundByteCount: 1))])
  }

  @Test("What lies past an end that is not known is not found")
  func unknownEnd() throws {
    let header = try Header.sample(clusters: 4)
    #expect(findings(header, BlockAllocationTable([1, 0, 0xFFFF_FFFE, 0]), fileByteCount: nil).isEmpty)
  }

  @Test("An entry inside header and table, in sectors", arguments: [1, 2, 3] as [UInt32])
  func insideTable(entry: UInt32) throws {
    // 64 + 4 · 240 bytes are the first two sectors exactly.
    let header = try Header.sample(.legacy, clusters: 240)
    #expect(header.tableEndByteOffset == 1024)
    var table = BlockAllocationTable(count: 240)
    table[100] = entry
    let inside = entry < 2 ? [Finding(100, .insideTable(tableEnd: 1024))] : []
    #expect(findings(header, table, fileByteCount: 1 << 20) == inside)
  }

  @Test("An entry inside a table of several clusters")
  func insideLongTable() throws {
    let header = try Header.sample(clusters: 2000)  // 8064 bytes of header and table
    var table = BlockAllocationTable(count: 2000)
    table[0] = 1
    table[1] = 2
    #expect(findings(header, table, fileByteCount: 1 << 20) == [Finding(0, .insideTable(tableEnd: 8064))])
  }

  @Test("0xFFFFFFFF is never legal, whatever the file's length", arguments: [nil, 8192, .max] as [UInt64?])
  func reserved(fileByteCount: UInt64?) throws {
    for layout in Layout.allCases {
      let header = try Header.sample(layout, clusters: 4)
      let table = BlockAllocationTable([0, 0, 0, .max])
      #expect(findings(header, table, fileByteCount: fileByteCount) == [Finding(3, .reserved)])
    }
  }

  @Test("A cluster that the end cuts misses bytes of the disk", arguments: [1, 512, 4095] as [UInt64])
  func cut(found: UInt64) throws {
    let header = try Header.sample(clusters: 4)
    let fileByteCount = 4096 + found
    #expect(
      findings(header, BlockAllocationTable([1, 0, 0, 0]), fileByteCount: fileByteCount)
        == [Finding(0, .cutByEnd(fileByteCount: fileByteCount, foundByteCount: found))])
  }

  @Test("A last cluster may be cut where the disk has ended already")
  func cutBehindDisk() throws {
    var header = try Header.sample(clusters: 4)
    header.sectorCount = 3 * 8 + 3  // 1536 bytes in the last cluster
    let table = BlockAllocationTable([0, 0, 0, 1])
    #expect(findings(header, table, fileByteCount: 4096 + 1536).isEmpty)
    #expect(
      findings(header, table, fileByteCount: 4096 + 1535)
        == [Finding(3, .cutByEnd(fileByteCount: 5631, foundByteCount: 1535))])
    // The same file, but the cluster is a whole one of the disk.
    #expect(
      findings(header, BlockAllocationTable([1, 0, 0, 0]), fileByteCount: 4096 + 1536)
        == [Finding(0, .cutByEnd(fileByteCount: 5632, foundByteCount: 1536))])
  }

  @Test("The last cluster of the disk has fewer bytes than others")
  func guestBytes() throws {
    var header = try Header.sample(clusters: 4)
    header.sectorCount = 3 * 8 + 3
    let inspection = TableInspection(header: header, table: BlockAllocationTable(count: 4), fileByteCount: nil)
    #expect((0..<4).map { inspection.guestByteCount(ofCluster: $0) } == [4096, 4096, 4096, 1536])
  }

  @Test("Entries beyond the disk are ignored, whatever they say")
  func spareEntries() throws {
    let header = try Header.sample(clusters: 2, spareEntries: 3)
    let table = BlockAllocationTable([1, 0, .max, 1, 900])
    let inspection = TableInspection(header: header, table: table, fileByteCount: 8192)
    #expect(inspection.entryCount == 2)
    #expect(inspection.isInStreamOrder)
    #expect(inspection.lastByteOffset == 4096)
    #expect(findings(header, table, fileByteCount: 8192).isEmpty)
  }

  @Test("A table that is shorter than the disk is inspected as far as it goes")
  func shortTable() throws {
    var header = try Header.sample(clusters: 4)
    header.batEntryCount = 2
    let table = BlockAllocationTable([1, 900])
    #expect(TableInspection(header: header, table: table, fileByteCount: 8192).entryCount == 2)
    #expect(findings(header, table, fileByteCount: 8192) == [Finding(1, .pastEnd(fileByteCount: 8192))])
  }

  @Test("Every problem is found, in disk order")
  func several() throws {
    let header = try Header.sample(clusters: 2000)
    var table = BlockAllocationTable(count: 2000)
    for (index, entry) in [(3, UInt32.max), (4, 1), (700, 3), (1999, 2)] { table[index] = entry }
    #expect(
      findings(header, table, fileByteCount: 12_000) == [
        Finding(3, .reserved), Finding(4, .insideTable(tableEnd: 8064)), Finding(700, .pastEnd(fileByteCount: 12_000)),
        Finding(1999, .cutByEnd(fileByteCount: 12_000, foundByteCount: 12_000 - 8192)),
      ])
  }
}
