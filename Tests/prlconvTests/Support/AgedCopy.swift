import TestSupport
import Testing

/// An image with a dirty bitmap, an older copy of its disk, and what a refresh makes of that copy.
///
/// No byte of the copy is like the one on the disk, so whatever is written shows.
struct AgedCopy {
  static let marker: UInt8 = 0xEE

  var image: HandMadeImage
  /// The disk in the image.
  var disk: [UInt8]
  var blocks: DirtyBlocks

  var old: [UInt8] { [UInt8](repeating: Self.marker, count: disk.count) }
  var expected: [UInt8] { blocks.refreshed(old, from: disk) }

  /// Takes the disk of `image`, and gives the image a bitmap.
  init(
    _ image: HandMadeImage, disk: SparseDisk, blocks: DirtyBlocks, storesAll: Bool = false, junk: Bool = false
  ) throws {
    self.image = image
    self.disk = disk.bytes
    self.blocks = blocks
    try self.image.appendBitmaps([blocks], storesAll: storesAll, junk: junk)
  }

  /// An image of 9 clusters of 1024 bytes whose last one is half in use; all of the disk is marked.
  init(_ change: (inout HandMadeImage) throws -> Void = { _ in }) rethrows {
    let places = [4, 0, nil, 1, 2, nil, nil, 5, 3]
    image = HandMadeImage(places: places, sectorCount: 17)
    disk = HandMadeImage.disk(places: places, sectorCount: 17).bytes
    blocks = DirtyBlocks(diskByteCount: 17 * 512, granularity: 1024, allDirty: true)
    try change(&image)
  }

  /// An image of anything, with a bitmap of anything.
  static func random(_ purpose: String, _ index: Int) throws -> AgedCopy {
    var generator = SeededRandom(purpose, index)
    let sizes = [512, 4096, 63 * 512, 64 << 10, 1 << 20]
    let size = sizes[index % sizes.count]
    let count = Int.random(in: 1...(size > 64 << 10 ? 5 : 60), using: &generator)
    let order = Array(0..<count).shuffled(using: &generator)
    let places = (0..<count).map { Int.random(in: 0..<3, using: &generator) == 0 ? nil : order[$0] }
    let sectors = count * size / 512 - Int.random(in: 0..<size / 512, using: &generator)
    let magic = Bool.random(using: &generator) ? HandMadeImage.extendedMagic : HandMadeImage.legacyMagic
    var image = HandMadeImage(magic, clusterByteCount: size, places: places, sectorCount: sectors)
    var disk = HandMadeImage.disk(clusterByteCount: size, places: places, sectorCount: sectors)
    // Zeros that are stored, in pieces of any kind.
    for (cluster, entry) in image.entries.enumerated() where entry != 0 {
      let start = Int.random(in: 0..<size, using: &generator)
      let end = Int.random(in: start...size, using: &generator)
      guard Bool.random(using: &generator), start < end else { continue }
      image.contents.putZeros(image.byteOffset(ofEntry: entry) + start..<image.byteOffset(ofEntry: entry) + end)
      disk.putZeros(cluster * size + start..<cluster * size + end)
    }
    let granularity = 512 << Int.random(in: 0...12, using: &generator)
    return try AgedCopy(
      image, disk: disk,
      blocks: .random(diskByteCount: sectors * 512, granularity: granularity, using: &generator),
      storesAll: Bool.random(using: &generator), junk: Bool.random(using: &generator))
  }
}

extension TemporaryFolder {
  /// Makes `image.hds`, `old.img` and `expected.img`.
  func write(_ aged: AgedCopy) throws {
    try write(aged.image.file, to: "image.hds")
    try write(aged.old, to: "old.img")
    try write(aged.expected, to: "expected.img")
  }

  /// Refreshes `copy`, which is `old.img` when nothing else is there.
  func refresh(
    _ options: String = "", bitmap: String = HandMadeBitmap.name(), from image: String = "image.hds",
    to copy: String = "copy.img"
  ) throws -> Outcome {
    if !contains(copy), contains("old.img") { try Shell.prepare("cp old.img \(copy)", in: self) }
    return try convert(.prl2raw, "\(options) --bitmap \(bitmap)", from: image, to: copy)
  }

  /// Records a failure unless `copy` is what it has to be after a refresh.
  func expectRefreshed(
    _ copy: String = "copy.img", _ comment: Comment = "", at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try difference(copy, "expected.img") == nil, "\(copy) \(comment)", sourceLocation: location)
  }
}
