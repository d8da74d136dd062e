import TestSupport

/// A disk with all that compression meets: text, patterns, random bytes, zeros and holes.
enum GzipDisk {
  static func text(_ byteCount: Int, using generator: inout SeededRandom) -> [UInt8] {
    let words = "cluster sector header table entry data area guest host offset size layout extent hole zero"
      .split(separator: " ").map { Array($0.utf8) + [UInt8(ascii: " ")] }
    var bytes: [UInt8] = []
    while bytes.count < byteCount { bytes += words[Int.random(in: 0..<words.count, using: &generator)] }
    return Array(bytes.prefix(byteCount))
  }

  /// What cluster `number` holds; nil when it is not allocated.
  ///
  /// Kinds take turns, one of them zeros.
  static func cluster(_ number: Int, byteCount: Int) -> [UInt8]? {
    var generator = SeededRandom("clusters to compress", number)
    switch number % 7 {
    case 0, 4: return Filling.cluster(number, byteCount: byteCount)
    case 1: return Filling.random(byteCount, using: &generator)
    case 2: return text(byteCount, using: &generator)
    case 3: return [UInt8](repeating: 0, count: byteCount)
    default: return nil
    }
  }

  /// About 4 MiB, not a whole number of clusters, extents or even KiB.
  static func mixed() -> SparseDisk {
    var disk = SparseDisk(byteCount: 4 << 20 + 512)
    for number in 0..<7 {
      if let bytes = cluster(number, byteCount: 600_000) { disk.put(bytes, at: number * 600_000) }
    }
    return disk
  }
}

/// An image whose clusters are `GzipDisk.cluster`s, in an order, and the disk in it.
struct GzipImage {
  enum Order: CaseIterable { case inOrder, reversed, shuffled }

  let image: SparseDisk
  let disk: SparseDisk

  /// The disk ends one sector before its last cluster does, where that has more than one.
  init(clusterByteCount size: Int, clusterCount count: Int, order: Order) {
    let isAllocated = (0..<count).map { GzipDisk.cluster($0, byteCount: 1) != nil }
    let numbers = (0..<count).filter { isAllocated[$0] }
    var generator = SeededRandom("order of clusters to compress", size)
    let queue =
      switch order {
      case .inOrder: numbers
      case .reversed: Array(numbers.reversed())
      case .shuffled: numbers.shuffled(using: &generator)
      }
    var places = [Int?](repeating: nil, count: count)
    for (place, number) in queue.enumerated() { places[number] = place }
    let sectorCount = count * size / 512 - (size == 512 ? 0 : 1)
    var made = HandMadeImage(clusterByteCount: size, places: places, sectorCount: sectorCount)
    var disk = SparseDisk(byteCount: sectorCount * 512)
    for number in numbers {
      guard let bytes = GzipDisk.cluster(number, byteCount: size) else { continue }
      made.contents.put(bytes, at: made.byteOffset(ofEntry: made.entries[number]))
      disk.put(bytes, at: number * size)
    }
    image = made.file
    self.disk = disk
  }
}
