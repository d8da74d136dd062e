import ParallelsFormat
import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

/// What is lost reads as zeros, also with an image below: that must not show through.
@Suite("Clusters that were lost", .timeLimit(.minutes(15)))
struct LostClusterTests {
  private let folder = TemporaryFolder()

  /// An image of 130 clusters of 512 bytes, whose table reaches into the second cluster of the file.
  private static func image(_ layout: Layout) -> HandMadeImage {
    var places = [Int?](repeating: nil, count: 130)
    for (cluster, place) in [(0, 0), (2, 1), (3, 2), (4, 3), (6, 4)] { places[cluster] = place }
    var image = HandMadeImage(layout.magic, clusterByteCount: 512, places: places)
    image.entries[2] = .max
    image.entries[3] = 1
    image.entries[4] = 7777
    return image
  }

  /// The file of the image, which ends 100 bytes into cluster 6.
  private static func cutFile(_ layout: Layout) -> SparseDisk {
    var file = image(layout).file
    file.resize(to: file.byteCount - 412)
    return file
  }

  private static let expected = [
    Found(0..<512, .data), Found(512..<1024, .absent),
    // The reserved entry, the one that points into the table, the one that points past the end.
    Found(1024..<2560, .zeros), Found(2560..<3072, .absent),
    // What is left of the cluster that the end of the file cuts, and what is missing.
    Found(3072..<3172, .data), Found(3172..<3584, .zeros), Found(3584..<130 * 512, .absent),
  ]

  @Test("They are zeros, and only what was never allocated is absent", arguments: Layout.allCases)
  func extents(layout: Layout) throws {
    let disk = try salvagedDisk(layout)
    #expect(try found(in: disk) == Self.expected)
    var extents = disk.clusters.extents(in: 0..<disk.byteCount)
    var inMap: [Found] = []
    while let extent = try extents.next() { inMap.append(Found(extent)) }
    #expect(inMap == Self.expected)
  }

  @Test("An image below shows through where nothing was allocated, and only there", arguments: Layout.allCases)
  func chain(layout: Layout) throws {
    let disk = try salvagedDisk(layout)
    let below = try ModelledDisk.diskFile(of: [UInt8](repeating: 0xBB, count: Int(disk.byteCount)))
    let chain = ChainDisk(
      images: [disk, RawDisk(file: below, byteCount: disk.byteCount)], byteCount: disk.byteCount)
    var expected = [UInt8](repeating: 0xBB, count: Int(disk.byteCount))
    expected.replaceSubrange(0..<512, with: Filling.cluster(0, byteCount: 512))
    expected.replaceSubrange(1024..<2560, with: [UInt8](repeating: 0, count: 1536))
    expected.replaceSubrange(3072..<3584, with: [UInt8](repeating: 0, count: 512))
    expected.replaceSubrange(3072..<3172, with: Filling.cluster(6, byteCount: 512)[..<100])
    #expect(firstDifference(try chain.contents(of: 0..<disk.byteCount), expected) == nil)
  }

  @Test("They are also zeros in an image that comes through a pipe, as far as that is known")
  func throughPipe() throws {
    let control = try ConversionControl()
    try Pipe.feeding(Self.image(.extended).file.bytes, control: control) { stream in
      let clusters = try ClusterStream(
        stream, name: "pipe", policy: ReadingPolicy(salvages: true), control: control
      ).clusters
      #expect(clusters.extent(at: 1024, upTo: 4096) == DiskExtent(1024..<1536, .zeros))
      #expect(clusters.extent(at: 1536, upTo: 4096) == DiskExtent(1536..<2048, .zeros))
      #expect(clusters.extent(at: 2048, upTo: 4096).contents == .data, "where the file ends is not known")
    }
  }

  @Test("They stay zeros when the image is copied to a temporary file and judged again")
  func copied() throws {
    let control = try ConversionControl()
    try Pipe.feeding(Self.cutFile(.extended).bytes, control: control) { stream in
      let image = try ClusterStream(
        stream, name: "pipe", policy: ReadingPolicy(salvages: true), control: control)
      let (disk, _) = try image.copied(to: folder.path)
      #expect(try found(in: disk) == Self.expected)
    }
  }

  @Test("Clusters that a table too short does not name are zeros")
  func shortTable() throws {
    let image = HandMadeImage(clusterByteCount: 512, places: [0, nil], sectorCount: 4)
    try image.file.write(to: folder("disk.hds"))
    let disk = try salvagedDisk()
    #expect(
      try found(in: disk) == [Found(0..<512, .data), Found(512..<1024, .absent), Found(1024..<2048, .zeros)])
  }

  /// What an extent says, but for where the bytes lie.
  private struct Found: Equatable {
    var range: Range<UInt64>
    var contents: DiskExtent.Contents

    init(_ range: Range<UInt64>, _ contents: DiskExtent.Contents) { (self.range, self.contents) = (range, contents) }
    init(_ extent: DiskExtent) { self.init(extent.guestRange, extent.contents) }
  }

  private func found(in disk: any Disk) throws -> [Found] {
    try disk.allExtents(in: 0..<disk.byteCount).map(Found.init)
  }

  private func salvagedDisk(_ layout: Layout) throws -> ImageDisk {
    try Self.cutFile(layout).write(to: folder("disk.hds"))
    return try salvagedDisk()
  }

  private func salvagedDisk() throws -> ImageDisk {
    try DiskOpener(
      .path(folder("disk.hds")), policy: ReadingPolicy(salvages: true), control: ConversionControl()
    ).imageDisk()
  }
}
