import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

/// A disk that was made by chance, and what it has to be.
struct ModelledDisk {
  let disk: any Disk
  let model: DiskModel

  init(_ disk: any Disk, _ model: DiskModel) {
    self.disk = disk
    self.model = model
  }

  /// An image of clusters that are data, zeros or absent.
  static func image(
    byteCount: Int, progress: ConversionProgress? = nil, using random: inout SeededRandom
  ) throws -> ModelledDisk {
    let size = [1, 3, 16, 64, 100].randomElement(using: &random) ?? 1
    let clusterCount = (byteCount + size - 1) / size
    // Where the clusters lie in the file: as on the disk, packed, or anywhere.
    var places = Array(0..<clusterCount)
    let isPacked = Bool.random(using: &random)
    if Bool.random(using: &random) { places.shuffle(using: &random) }
    let stored = Filling.random(clusterCount * size, using: &random).map { $0 | 1 }
    let file = try diskFile(of: stored, progress: progress)
    let identity = ObjectIdentifier(try #require(file.file))
    var extents: [DiskExtent] = []
    var bytes: [DiskModel.Byte] = []
    var contents = DiskExtent.Contents.absent
    var packedCount = 0
    for cluster in 0..<clusterCount {
      // Runs of either length.
      if Int.random(in: 0..<3, using: &random) == 0 {
        contents = [.data, .zeros, .absent].randomElement(using: &random) ?? .absent
      }
      let start = cluster * size
      let count = min(size, byteCount - start)
      var extent = DiskExtent(UInt64(start)..<UInt64(start + count), contents)
      switch contents {
      case .data:
        let host = (isPacked ? packedCount : places[cluster]) * size
        packedCount += 1
        (extent.hostOffset, extent.file) = (UInt64(host), file)
        bytes += (host..<host + count).map { .data(stored[$0], file: identity, offset: UInt64($0)) }
      case .zeros: bytes += Array(repeating: .zero, count: count)
      case .absent: bytes += Array(repeating: .absent, count: count)
      }
      extents.append(extent)
    }
    return ModelledDisk(ScatteredDisk(extents), DiskModel(bytes))
  }

  /// A raw file without holes, which may be shorter than the disk.
  static func raw(
    byteCount: Int, progress: ConversionProgress? = nil, using random: inout SeededRandom
  ) throws -> ModelledDisk {
    let storedByteCount = Bool.random(using: &random) ? byteCount : Int.random(in: 0...byteCount, using: &random)
    let stored = Filling.random(storedByteCount, using: &random)
    let file = try diskFile(of: stored, progress: progress)
    let identity = ObjectIdentifier(try #require(file.file))
    var bytes = stored.enumerated().map { DiskModel.Byte.data($1, file: identity, offset: UInt64($0)) }
    bytes += Array(repeating: .zero, count: byteCount - storedByteCount)
    return ModelledDisk(RawDisk(file: file, byteCount: UInt64(byteCount)), DiskModel(bytes))
  }

  /// A chain of 1 to 8 images, of which the last may be a raw file; those below may be shorter or longer than the disk.
  static func chain(
    byteCount: Int, progress: ConversionProgress? = nil, using random: inout SeededRandom
  ) throws -> ModelledDisk {
    var images: [ModelledDisk] = []
    for level in 0..<Int.random(in: 1...8, using: &random) {
      let length = level == 0 ? byteCount : Int.random(in: 0...byteCount * 5 / 4, using: &random)
      images.append(try image(byteCount: length, progress: progress, using: &random))
    }
    if Bool.random(using: &random) {
      let length = Int.random(in: 0...byteCount, using: &random)
      images.append(try raw(byteCount: length, progress: progress, using: &random))
    }
    return ModelledDisk(
      ChainDisk(images: images.map(\.disk), byteCount: UInt64(byteCount)),
      DiskModel(chain: images.map(\.model), byteCount: byteCount))
  }

  /// 1 to 5 disks side by side, each an image, a raw file or a chain, some of another length than their part.
  static func span(
    byteCount: Int, progress: ConversionProgress? = nil, using random: inout SeededRandom
  ) throws -> ModelledDisk {
    let cuts = (0..<Int.random(in: 0..<5, using: &random)).map { _ in Int.random(in: 0...byteCount, using: &random) }
    let borders = Set(cuts + [0, byteCount]).sorted()
    var parts: [SpanDisk.Part] = []
    var models: [(DiskModel, Int)] = []
    for (start, end) in zip(borders, borders.dropFirst()) {
      let kinds = [image, raw, chain]
      let make = kinds.randomElement(using: &random) ?? image
      let length =
        Bool.random(using: &random) ? end - start : Int.random(in: 0...(end - start) * 5 / 4, using: &random)
      let part = try make(length, progress, &random)
      parts.append(SpanDisk.Part(range: UInt64(start)..<UInt64(end), disk: part.disk))
      models.append((part.model, end - start))
    }
    return ModelledDisk(SpanDisk(parts), DiskModel(span: models))
  }

  /// A disk of any kind.
  static func any(
    byteCount: Int, progress: ConversionProgress? = nil, using random: inout SeededRandom
  ) throws -> ModelledDisk {
    let kinds = [image, raw, chain, span]
    return try (kinds.randomElement(using: &random) ?? image)(byteCount, progress, &random)
  }

  /// A file of these bytes, without a name.
  static func diskFile(of bytes: [UInt8], progress: ConversionProgress? = nil) throws -> DiskFile {
    let file = try OpenFile.spool(in: "/tmp")
    try file.put(bytes, at: 0)
    return try #require(try DiskFile(file, progress: progress))
  }
}
