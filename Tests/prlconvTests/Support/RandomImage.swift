import TestSupport

extension HandMadeImage {
  /// A random sound image, and its disk; some stored clusters are zeros.
  static func random(
    isInOrder: Bool? = nil, using random: inout SeededRandom
  ) -> (image: HandMadeImage, disk: SparseDisk, places: [Int?]) {
    let size = [512, 1024, 63 * 512, 64 << 10, 1 << 20].randomElement(using: &random) ?? 512
    let count = Int.random(in: 1...(size > 64 << 10 ? 6 : 90), using: &random)
    let order = isInOrder ?? Bool.random(using: &random) ? Array(0..<count) : (0..<count).shuffled(using: &random)
    let places = (0..<count).map { Int.random(in: 0..<3, using: &random) == 0 ? nil : order[$0] }
    let sectors = count * size / 512 - Int.random(in: 0..<size / 512, using: &random)
    let magic = Bool.random(using: &random) ? extendedMagic : legacyMagic
    var image = HandMadeImage(magic, clusterByteCount: size, places: places, sectorCount: sectors)
    var disk = disk(clusterByteCount: size, places: places, sectorCount: sectors)
    for (cluster, entry) in image.entries.enumerated() where entry != 0 && Int.random(in: 0..<3, using: &random) == 0 {
      let start = image.byteOffset(ofEntry: entry)
      image.contents.putZeros(start..<start + size)
      disk.putZeros(cluster * size..<min((cluster + 1) * size, sectors * 512))
    }
    return (image, disk, places)
  }
}
