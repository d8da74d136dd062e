import ParallelsFormat
import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A disk that can be read at any place", .timeLimit(.minutes(15)))
struct DiskTests {
  private let folder = TemporaryFolder()

  @Test(
    "Extents cover a range, each as long as it can be, and pieces and bytes agree with them",
    arguments: Exhaustive.cases(0..<8))
  func extents(round: Int) throws {
    var random = SeededRandom("extents of a disk", round)
    for number in 0..<20 {
      let byteCount = Int.random(in: 0...600, using: &random)
      try ModelledDisk.image(byteCount: byteCount, using: &random).expectAgreement(using: &random, "disk \(number)")
      try ModelledDisk.raw(byteCount: byteCount, using: &random).expectAgreement(using: &random, "raw \(number)")
    }
  }

  @Test("The extents of an image are those of its table", arguments: Layout.allCases, Exhaustive.cases(0..<4, brief: 1))
  func imageExtents(layout: Layout, round: Int) throws {
    var random = SeededRandom("extents of an image, \(layout)", round)
    let size = 1024
    var hosts = Array(0..<40)
    if Bool.random(using: &random) { hosts.shuffle(using: &random) }
    let places = hosts.map { Int.random(in: 0..<3, using: &random) == 0 ? nil : $0 }
    let sectorCount = places.count * size / 512 - 1
    let image = HandMadeImage(layout.magic, clusterByteCount: size, places: places, sectorCount: sectorCount)
    try image.file.write(to: folder("disk.hds"))
    let disk = try DiskOpener(.path(folder("disk.hds")), control: ConversionControl()).imageDisk()
    let identity = ObjectIdentifier(try #require(disk.file.file))
    let contents = HandMadeImage.disk(clusterByteCount: size, places: places, sectorCount: sectorCount).bytes
    let bytes = contents.enumerated().map { offset, byte in
      guard places[offset / size] != nil else { return DiskModel.Byte.absent }
      let start = image.byteOffset(ofEntry: image.entries[offset / size])
      return .data(byte, file: identity, offset: UInt64(start + offset % size))
    }
    try ModelledDisk(disk, DiskModel(bytes)).expectAgreement(using: &random, "\(places)")
  }

  @Test("The holes of a raw file are zeros, and read as zeros where a piece has them")
  func holes() throws {
    let mebibyte: UInt64 = 1 << 20
    let file = try OpenFile.spool(in: folder.path)
    try file.truncate(to: 3 * mebibyte)
    try file.put([1, 2, 3], at: mebibyte)
    let diskFile = try #require(try DiskFile(file, progress: nil))
    let disk = RawDisk(file: diskFile, byteCount: 4 * mebibyte)
    let extents = try disk.allExtents(in: 0..<4 * mebibyte)
    var position: UInt64 = 0
    for extent in extents {
      #expect(extent.guestOffset == position)
      #expect(extent.contents == .data ? extent.hostOffset == position : extent.hostOffset == nil)
      position = extent.guestEnd
    }
    #expect(position == 4 * mebibyte)
    #expect(extents.contains { $0.contents == .data && $0.guestRange.contains(mebibyte) })
    #expect(extents.last?.contents == .zeros)
    #expect(disk.pieces(of: 5..<4 * mebibyte).map(\.guestRange) == [5..<3 * mebibyte])
    #expect(disk.pieces(of: 3 * mebibyte..<4 * mebibyte).isEmpty)
    #expect(try disk.contents(of: mebibyte - 2..<mebibyte + 5) == [0, 0, 1, 2, 3, 0, 0])
    #expect(try disk.contents(of: 3 * mebibyte - 1..<3 * mebibyte + 1) == [0, 0])
  }

  @Test("A raw file that was cut meanwhile is an error, and does not read as zeros")
  func cutFile() throws {
    let file = try OpenFile.spool(in: folder.path)
    try file.put([UInt8](repeating: 1, count: 1 << 20), at: 0)
    let diskFile = try #require(try DiskFile(file, progress: nil))
    let disk = RawDisk(file: diskFile, byteCount: 1 << 20)
    try file.truncate(to: 1000)
    let cause = ConversionError.Cause.endedEarly(byteCount: 1000)
    #expect(try disk.contents(of: 0..<1000).allSatisfy { $0 == 1 })
    var error = #expect(throws: ConversionError.self) { try disk.contents(of: 900..<1100) }
    #expect(error?.cause == cause)
    error = #expect(throws: ConversionError.self) { try disk.extent(at: 500_000, upTo: 1 << 20) }
    #expect(error?.cause == cause)
  }

  @Test("Extents are joined only where they follow each other, on the disk and in one file")
  func joining() throws {
    let (one, other) = (try ModelledDisk.diskFile(of: [1]), try ModelledDisk.diskFile(of: [1]))
    let data = DiskExtent(100..<110, .data, at: 500, in: one)
    let next = DiskExtent(110..<115, .data, at: 510, in: one)
    #expect(data.joined(with: next) == DiskExtent(100..<115, .data, at: 500, in: one))
    #expect(data.joined(with: DiskExtent(110..<115, .data, at: 511, in: one)) == nil)
    #expect(data.joined(with: DiskExtent(110..<115, .data, at: 510, in: other)) == nil)
    #expect(data.joined(with: DiskExtent(111..<115, .data, at: 510, in: one)) == nil)
    let zeros = DiskExtent(110..<115, .zeros)
    #expect(data.joined(with: zeros) == nil)
    #expect(zeros.joined(with: DiskExtent(115..<120, .absent)) == nil)
    #expect(zeros.joined(with: DiskExtent(115..<120, .zeros)) == DiskExtent(110..<120, .zeros))
  }
}
