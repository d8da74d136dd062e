import ParallelsFormat
import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("The clusters of an image in the order of the file")
struct FileOrderTests {
  private let folder = TemporaryFolder()

  @Test("Disk order, where the file has it")
  func streamOrder() throws {
    #expect(try order([nil, 0, 1, nil, nil, 2]) == [1, 2, 5])
  }

  @Test("The order of their places, where it is another")
  func otherOrder() throws {
    #expect(try order([3, nil, 0, 2, nil, 1]) == [2, 5, 3, 0])
  }

  @Test("No cluster, no order")
  func noClusters() throws {
    #expect(try order([]) == [])
    #expect(try order([nil, nil]) == [])
  }

  @Test("Any order, in both layouts", arguments: [HandMadeImage.extendedMagic, HandMadeImage.legacyMagic], 0..<6)
  func anyOrder(magic: String, round: Int) throws {
    var random = SeededRandom("file order", round)
    let places = (Array(0..<20) + [Int?](repeating: nil, count: 15)).shuffled(using: &random)
    let expected = places.indices.filter { places[$0] != nil }.sorted { places[$0] ?? 0 < places[$1] ?? 0 }
    #expect(try order(places, magic) == expected)
  }

  @Test("Entries beyond the disk have no place in it", arguments: [[0, 1, 2, 3], [3, 1, 0, 2]])
  func spareEntries(places: [Int]) throws {
    let expected = places[0] < places[1] ? [0, 1] : [1, 0]
    #expect(try order(places, sectorCount: 4) == expected)
  }

  @Test("To look at the next cluster is not to take it")
  func lookAtNext() throws {
    var order = FileOrder(of: try image([1, 0]))
    #expect(order.next == 1)
    #expect(order.next == 1)
    order.advance()
    #expect(order.next == 0)
    order.advance()
    #expect(order.next == nil)
  }

  private func order(
    _ places: [Int?], _ magic: String = HandMadeImage.extendedMagic, sectorCount: Int? = nil
  ) throws -> [Int] {
    var order = FileOrder(of: try image(places, magic, sectorCount: sectorCount))
    var clusters: [Int] = []
    while let cluster = order.next, clusters.count < 1000 {
      clusters.append(cluster)
      order.advance()
    }
    return clusters
  }

  private func image(
    _ places: [Int?], _ magic: String = HandMadeImage.extendedMagic, sectorCount: Int? = nil
  ) throws -> ParallelsImage {
    try HandMadeImage(magic, places: places, sectorCount: sectorCount).file.write(to: folder("image"))
    let control = try ConversionControl()
    let file = try OpenFile(reading: folder("image"))
    return try ParallelsImage(
      reading: PeekingStream(FileStream(file, interrupt: control.interrupt)), path: "image",
      fileByteCount: file.byteCount(),
      policy: ReadingPolicy(), control: control)
  }
}
