import Foundation
import TestSupport
import Testing

/// One of the ways in which a disk is stored.
enum DiskForm: Hashable, Sendable, CustomTestStringConvertible {
  case raw
  case gzip
  case image(legacy: Bool, clusterByteCount: Int, inOrder: Bool)

  /// Every encoding, both layouts, and clusters from one sector to the usual size, in order and not.
  static let all: [DiskForm] =
    [.raw] + (Tools.gzip ? [.gzip] : []) + [
      .image(legacy: false, clusterByteCount: 512, inOrder: false),
      .image(legacy: false, clusterByteCount: 63 * 512, inOrder: true),
      .image(legacy: false, clusterByteCount: 64 << 10, inOrder: false),
      .image(legacy: false, clusterByteCount: 1 << 20, inOrder: true),
      .image(legacy: true, clusterByteCount: 512, inOrder: true),
      .image(legacy: true, clusterByteCount: 63 * 512, inOrder: false),
      .image(legacy: true, clusterByteCount: 64 << 10, inOrder: true),
      .image(legacy: true, clusterByteCount: 1 << 20, inOrder: false),
    ]

  /// One of each kind.
  static let some = [all[0], all[1], all[3], all[7]]

  var testDescription: String {
    switch self {
    case .raw: "raw"
    case .gzip: "gzip"
    case .image(let isLegacy, let size, let isInOrder):
      "\(isLegacy ? "legacy" : "ext") of \(size), \(isInOrder ? "in" : "out of") order"
    }
  }

  /// Bytes in the unit that the disk's size is counted in.
  var unitByteCount: Int {
    switch self {
    case .raw, .gzip: 1
    case .image: 512
    }
  }

  /// Stores `disk` as `name`.
  func write(_ disk: SparseDisk, to name: String, in folder: TemporaryFolder) throws {
    switch self {
    case .raw: try folder.write(disk, to: name)
    case .gzip:
      try folder.write(disk, to: "\(name).raw")
      try Shell.prepare("gzip -1nc \(name).raw > \(name) && rm \(name).raw", in: folder)
    case .image(let isLegacy, let size, let isInOrder):
      let magic = isLegacy ? HandMadeImage.legacyMagic : HandMadeImage.extendedMagic
      try folder.write(HandMadeImage(magic, clusterByteCount: size, of: disk, inOrder: isInOrder).file, to: name)
    }
  }
}

extension HandMadeImage {
  /// An image of `disk`: clusters that are holes are not allocated.
  init(_ magic: String, clusterByteCount size: Int, of disk: SparseDisk, inOrder: Bool) {
    let count = (disk.byteCount + size - 1) / size
    var isAllocated = [Bool](repeating: false, count: count)
    for run in disk.runs where !run.bytes.isEmpty {
      for cluster in run.offset / size...(run.offset + run.bytes.count - 1) / size { isAllocated[cluster] = true }
    }
    let clusters = isAllocated.indices.filter { isAllocated[$0] }
    var generator = SeededRandom("clusters out of order", size)
    var places = [Int?](repeating: nil, count: count)
    for (place, cluster) in (inOrder ? clusters : clusters.shuffled(using: &generator)).enumerated() {
      places[cluster] = place
    }
    self.init(magic, clusterByteCount: size, places: places, sectorCount: (disk.byteCount + 511) / 512)
    let bytes = disk.bytes
    contents = SparseDisk(byteCount: contents.byteCount)
    for cluster in clusters {
      let part = Array(bytes[cluster * size..<min((cluster + 1) * size, bytes.count)])
      contents.put(part, at: byteOffset(ofEntry: entries[cluster]))
    }
  }
}
