import ParallelsFormat
import StreamIO

/// Where the bytes of a Parallels image's disk lie in its file.
public enum DiskMap {
  /// A run of the disk that lies in one piece, or that is zeros.
  public struct Run: Equatable, Sendable {
    /// Where it begins on the disk, in bytes.
    public var guestOffset: UInt64
    /// Its length, in bytes.
    public var byteCount: UInt64
    /// Where it begins in the file, in bytes; nil for clusters that are not allocated, which are zeros.
    public var hostOffset: UInt64?
  }

  /// Calls `body` with the runs of the whole disk, in disk order, each as long as can be.
  ///
  /// An image that would not be converted without loss has no map, and is refused as there.
  ///
  /// - Throws: `isStream` for a pipe, and what opening an image can bring (``ParallelsDisk``), all as
  ///   ``ConversionError``. Or what `body` throws.
  public static func forEachRun(
    of input: Endpoint, control: ConversionControl, _ body: (Run) throws -> Void
  ) throws {
    let file = try input.openForReading()
    guard file.isSeekable else { throw ConversionError(file.name, .isStream) }
    let stream = LookaheadStream(file, interrupt: control.interrupt)
    let fileByteCount = try converting { () throws(FileError) in try file.byteCount() }
    // To look at the map of an image that is in use does no harm: nothing is copied.
    let image = try ParallelsImage(
      reading: stream, path: file.name, fileByteCount: fileByteCount, policy: ReadingPolicy(allowsDirty: true),
      control: control)
    for run in Runs(of: image) { try body(run) }
  }

  /// The runs of a whole disk, in disk order, each as long as can be; none of them is kept in memory.
  public struct Runs: Sequence, IteratorProtocol, Sendable {
    private let image: ParallelsImage
    private var guestOffset: UInt64 = 0

    init(of image: ParallelsImage) {
      self.image = image
    }

    /// The next run; nil at the end of the disk.
    public mutating func next() -> Run? {
      guard guestOffset < image.header.virtualByteCount else { return nil }
      let run = image.run(at: guestOffset)
      guestOffset += run.byteCount
      return run
    }
  }
}

extension ParallelsImage {
  /// The longest run from `guestOffset` on, where a cluster begins.
  fileprivate func run(at guestOffset: UInt64) -> DiskMap.Run {
    let first = Int(clamping: guestOffset / header.clusterByteCount)
    guard let hostOffset = hostOffset(ofCluster: first) else {
      return DiskMap.Run(guestOffset: guestOffset, byteCount: zeroEnd(from: guestOffset) - guestOffset)
    }
    var end = min(guestOffset + header.clusterByteCount, header.virtualByteCount)
    while end < header.virtualByteCount,
      self.hostOffset(ofCluster: Int(clamping: end / header.clusterByteCount)) == hostOffset + (end - guestOffset)
    {
      end = min(end + header.clusterByteCount, header.virtualByteCount)
    }
    return DiskMap.Run(guestOffset: guestOffset, byteCount: end - guestOffset, hostOffset: hostOffset)
  }
}
