import Testing

@testable import ParallelsFormat

@Suite("What a header is refused for")
struct HeaderParsingTests {
  @Test("Every length short of 64 bytes is an error that names it", arguments: 0..<64)
  func truncated(byteCount: Int) {
    let start = Array(GoldenHeaderTests.extended.prefix(byteCount))
    #expect(throws: FormatError.truncated(.header, expected: 64, found: UInt64(byteCount))) { try Header(start) }
  }

  @Test("Bytes after the header do not matter")
  func longer() throws {
    let header = try Header(GoldenHeaderTests.extended)
    #expect(try Header(GoldenHeaderTests.extended + [0xFF, 0xFF, 0xFF]) == header)
  }

  @Test("A magic is right as a whole or not at all", arguments: 0..<16)
  func wrongMagic(position: Int) {
    var bytes = GoldenHeaderTests.extended
    bytes[position] ^= 0x20  // the other case of a letter
    #expect(throws: FormatError.unknownMagic) { try Header(bytes) }
  }

  @Test("No version but 2", arguments: [0, 1, 3, 0x0200_0000, .max] as [UInt32])
  func wrongVersion(version: UInt32) {
    #expect(throws: FormatError.unknownVersion(version)) { try Header(header(version, at: 16)) }
  }

  @Test("A cluster has at least one sector")
  func zeroCluster() {
    #expect(throws: FormatError.zeroClusterSize) { try Header(header(0 as UInt32, at: 28)) }
  }

  @Test("The largest clusters that readers take are taken", arguments: [1, 4_186_126, 4_186_127] as [UInt32])
  func clusterWithinLimit(sectors: UInt32) throws {
    #expect(try Header(header(sectors, at: 28)).sectorsPerCluster == sectors)
  }

  @Test("Larger clusters are refused", arguments: [4_186_128, 0x8000_0000, .max] as [UInt32])
  func clusterTooLarge(sectors: UInt32) {
    #expect(throws: FormatError.clusterTooLarge(sectors: UInt64(sectors))) { try Header(header(sectors, at: 28)) }
  }

  @Test("The longest table that readers take is taken", arguments: [0, 536_870_910, 536_870_911] as [UInt32])
  func tableWithinLimit(entries: UInt32) throws {
    #expect(try Header(header(entries, at: 32)).batEntryCount == entries)
  }

  @Test("A longer table is refused", arguments: [536_870_912, 0x8000_0000, .max] as [UInt32])
  func tableTooLong(entries: UInt32) {
    #expect(throws: FormatError.tableTooLong(entries: UInt64(entries))) { try Header(header(entries, at: 32)) }
  }

  @Test("A disk is at most what 63 bits of bytes count", arguments: [0, 1, UInt64(Int64.max) / 512])
  func diskWithinLimit(sectors: UInt64) throws {
    #expect(try Header(header(sectors, at: 36)).sectorCount == sectors)
  }

  @Test("A larger disk is refused", arguments: [UInt64(Int64.max) / 512 + 1, .max])
  func diskTooLarge(sectors: UInt64) {
    #expect(throws: FormatError.diskTooLarge(sectors: sectors)) { try Header(header(sectors, at: 36)) }
  }

  @Test("In the legacy layout only the low half of nb_sectors counts")
  func legacyHighHalf() throws {
    let bytes = header(0xFFFF_FFFF_0000_03F0 as UInt64, at: 36, of: GoldenHeaderTests.legacy)
    #expect(try Header(bytes) == Header(GoldenHeaderTests.legacy))
  }

  @Test("The magic alone decides the layout", arguments: Layout.allCases)
  func layoutOfMagic(layout: Layout) {
    let whole = Array(layout.magic.utf8)
    let short = Array(whole.dropLast())
    let found = (Layout(magicOf: whole.span.bytes), Layout(magicOf: short.span.bytes))
    #expect(found == (layout, nil))
  }

  @Test("A message names the value that is refused")
  func messages() {
    #expect(
      FormatError.truncated(.table, expected: 104, found: 80).description
        == "the file ends inside the BAT: it needs 104 bytes, but has 80")
    #expect(FormatError.tableTooLong(entries: 536_870_912).description.contains("536870912 entries"))
    #expect(FormatError.clusterTooLarge(sectors: 4_186_128).description.contains("4186128 sectors"))
  }

  /// The bytes of a header with another value in one field.
  private func header<Value: FixedWidthInteger & BitwiseCopyable>(
    _ value: Value, at offset: Int, of bytes: [UInt8] = GoldenHeaderTests.extended
  ) -> [UInt8] {
    var bytes = bytes
    bytes.withUnsafeMutableBytes { $0.store(littleEndian: value, at: offset) }
    return bytes
  }
}
