/// Disks that are awkward for a converter with clusters of a certain size.
public enum DiskShape: String, CaseIterable, Sendable {
  /// Nothing at all.
  case empty
  /// A single byte, which has to become a sector.
  case oneByte
  /// One byte short of a sector.
  case almostOneSector
  /// Exactly one sector.
  case oneSector
  /// One byte short of a cluster.
  case clusterLessOneByte
  /// Exactly one cluster.
  case oneCluster
  /// One byte more than a cluster, and that byte is data.
  case clusterAndOneByte
  /// Three clusters of hole.
  case allZero
  /// Zeros that are stored, not holes.
  case zerosWithoutHoles
  /// Three clusters of data.
  case allData
  /// Data in the middle only.
  case holesAtBothEnds
  /// Data in every other cluster.
  case everyOtherCluster
  /// The last byte alone is data.
  case lastByteOnly
  /// A length that is not a whole number of sectors.
  case oddLength

  /// The disk of this shape for clusters of this size.
  public func disk(clusterByteCount size: Int) -> SparseDisk {
    switch self {
    case .empty: SparseDisk([])
    case .oneByte: SparseDisk([0xA5])
    case .almostOneSector: SparseDisk(Filling.cluster(0, byteCount: 511))
    case .oneSector: SparseDisk(Filling.cluster(0, byteCount: 512))
    case .clusterLessOneByte: SparseDisk(Filling.cluster(0, byteCount: size - 1))
    case .oneCluster: SparseDisk(Filling.cluster(0, byteCount: size))
    case .clusterAndOneByte: SparseDisk(Filling.cluster(0, byteCount: size) + [0x5A])
    case .allZero: SparseDisk(byteCount: 3 * size)
    case .zerosWithoutHoles: SparseDisk([UInt8](repeating: 0, count: 3 * size))
    case .allData: Self.disk(of: 3 * size, dataIn: [0, 1, 2], clusterByteCount: size)
    case .holesAtBothEnds: Self.disk(of: 5 * size, dataIn: [2], clusterByteCount: size)
    case .everyOtherCluster: Self.disk(of: 5 * size, dataIn: [1, 3], clusterByteCount: size)
    case .lastByteOnly: Self.lastByte(of: 3 * size)
    case .oddLength: Self.disk(of: 2 * size + 777 % size, dataIn: [0, 2], clusterByteCount: size)
    }
  }

  private static func disk(of byteCount: Int, dataIn clusters: [Int], clusterByteCount size: Int) -> SparseDisk {
    var disk = SparseDisk(byteCount: byteCount)
    for cluster in clusters { disk.put(Filling.cluster(cluster, byteCount: size), at: cluster * size) }
    return disk
  }

  private static func lastByte(of byteCount: Int) -> SparseDisk {
    var disk = SparseDisk(byteCount: byteCount)
    disk.put([0x81], at: byteCount - 1)
    return disk
  }
}

extension SparseDisk {
  /// A disk of a given number of clusters, each at random a hole, zeros, all data, or data in places.
  public static func random(
    clusterCount: Int, clusterByteCount size: Int, using generator: inout some RandomNumberGenerator
  ) -> SparseDisk {
    let tail = Int.random(in: 0..<size, using: &generator)
    var disk = SparseDisk(byteCount: (clusterCount - 1) * size + tail)
    for cluster in 0..<clusterCount {
      let start = cluster * size
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: disk.put([UInt8](repeating: 0, count: size), at: start)
      case 1: disk.put(Filling.random(size, using: &generator), at: start)
      case 2:
        let offset = Int.random(in: 0..<size, using: &generator)
        disk.put(Filling.random(min(700, size - offset), using: &generator), at: start + offset)
      default: break
      }
    }
    return disk
  }
}
