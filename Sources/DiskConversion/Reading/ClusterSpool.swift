import ParallelsFormat
import StreamIO

/// A temporary file for clusters of a piped image that come before their turn.
struct ClusterSpool {
  /// Where a cluster is.
  enum Place {
    /// Still in the pipe.
    case inStream
    /// Missing, because the image ended before it.
    case missing
    /// In the temporary file, starting at this byte.
    case spooled(offset: UInt64)
  }

  let file: DiskFile
  private let spool: OpenFile
  private let buffer: AlignedBuffer
  /// For each cluster of the disk, 0 if it is in the stream, `missing`, or its number in the file, counting from 1.
  private var places: PagedTable
  private var count: UInt32 = 0
  private static let missing = UInt32.max

  /// Creates the file in `directory` for the clusters of a disk, which are written in parts of `partByteCount` bytes.
  init(in directory: String, clusterCount: Int, partByteCount: Int) throws(ConversionError) {
    spool = try converting(OpenFile.spool(in: directory))
    guard let file = try DiskFile(spool, progress: nil) else { throw ConversionError(spool.name, .isStream) }
    self.file = file
    buffer = try AlignedBuffer(byteCount: partByteCount)
    places = PagedTable(count: clusterCount)
  }

  /// Where a cluster is; the cluster size is in bytes.
  func place(of cluster: Int, clusterByteCount: UInt64) -> Place {
    switch places[cluster] {
    case 0: .inStream
    case Self.missing: .missing
    case let number: .spooled(offset: UInt64(number - 1) * clusterByteCount)
    }
  }

  /// Stores the next cluster of `stream`, which is at `hostOffset`.
  mutating func put(_ cluster: Int, from stream: ClusterStream, at hostOffset: UInt64) throws(ConversionError) {
    let clusterByteCount = stream.clusters.header.clusterByteCount
    let byteCount = stream.clusters.inspection.guestByteCount(ofCluster: cluster)
    var done: UInt64 = 0
    while done < byteCount {
      let part = buffer.bytes.part(..<Int(min(UInt64(buffer.bytes.count), byteCount - done)))
      let present = try stream.read(
        into: part, at: hostOffset + done, guestOffset: UInt64(cluster) * clusterByteCount + done)
      guard present > 0 || done > 0 else {
        places[cluster] = Self.missing
        return
      }
      try converting(spool.write(UnsafeRawBufferPointer(part), at: UInt64(count) * clusterByteCount + done))
      done += UInt64(part.count)
    }
    count += 1
    places[cluster] = count
  }
}
