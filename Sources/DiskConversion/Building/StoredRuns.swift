import ParallelsFormat
import StreamIO

/// The runs of clusters that a new image stores, found without reading more of the disk than necessary.
///
/// A cluster that is not all zeros mostly shows that in its first bytes.
struct StoredRuns {
  private let disk: any Disk
  private let stored: StoredClusters
  private let clusterByteCount: UInt64
  private let clusterCount: UInt64
  private let buffer: AlignedBuffer
  private var cluster: UInt64 = 0
  /// The last run of data found: the system is asked about each run only once.
  private var data: DiskExtent?

  /// Runs are not longer, so that progress shows and a signal is noticed.
  private static let runByteLimit: UInt64 = 1 << 30
  private static let firstLookByteCount = 4096

  /// - Throws: `outOfMemory`.
  init(_ disk: any Disk, stored: StoredClusters, geometry: ImageGeometry) throws(ConversionError) {
    self.disk = disk
    self.stored = stored
    clusterByteCount = geometry.clusterByteCount
    clusterCount = geometry.clusterCount
    buffer = try AlignedBuffer(byteCount: Int(ExtentGrid.copiedByteLimit))
  }

  /// The next run as a range of the disk, of whole clusters; nil after the last one.
  mutating func next() throws(ConversionError) -> Range<UInt64>? {
    guard let first = try firstStored() else { return nil }
    cluster = first + 1
    while cluster < clusterCount, (cluster - first) * clusterByteCount < Self.runByteLimit, try isStored(cluster) {
      cluster += 1
    }
    return first * clusterByteCount..<cluster * clusterByteCount
  }

  private mutating func firstStored() throws(ConversionError) -> UInt64? {
    while cluster < clusterCount {
      switch stored {
      case .all: return cluster
      case .marked(let table): return table.firstAllocated(from: Int(clamping: cluster)).map { UInt64($0) }
      case .data:
        guard let data = try data(from: cluster * clusterByteCount) else { return nil }
        cluster = max(cluster, data.guestOffset / clusterByteCount)
        if try isStored(cluster) { return cluster }
        cluster += 1
      }
    }
    return nil
  }

  private mutating func data(from offset: UInt64) throws(ConversionError) -> DiskExtent? {
    if let data, data.guestEnd > offset { return data }
    data = try disk.data(from: offset)
    return data
  }

  private mutating func isStored(_ cluster: UInt64) throws(ConversionError) -> Bool {
    switch stored {
    case .all: return true
    case .marked(let table): return table[Int(clamping: cluster)] != 0
    case .data: break
    }
    var position = cluster * clusterByteCount
    let end = min(position + clusterByteCount, disk.byteCount)
    while position < end, let data = try data(from: position), data.guestOffset < end {
      let start = max(position, data.guestOffset)
      position = min(end, data.guestEnd)
      var piece = data
      piece.hostOffset = data.hostOffset.map { $0 + (start - data.guestOffset) }
      (piece.guestOffset, piece.byteCount) = (start, position - start)
      if try hasData(piece) { return true }
    }
    return false
  }

  private func hasData(_ piece: DiskExtent) throws(ConversionError) -> Bool {
    guard let file = piece.file, let host = piece.hostOffset else { return false }
    var done: UInt64 = 0
    var look = Self.firstLookByteCount
    while done < piece.byteCount {
      let part = buffer.bytes.part(..<Int(min(UInt64(look), piece.byteCount - done)))
      try file.read(into: part, at: host + done)
      guard isAllZero(UnsafeRawBufferPointer(part)) else { return true }
      done += UInt64(part.count)
      look = min(look * 4, buffer.bytes.count)
    }
    return false
  }
}
