import ParallelsFormat
import StreamIO

/// The disk in a Parallels image, to be read at any place without being converted.
///
/// Opening reads header and BAT and judges them as strictly as a conversion does; `read(into:at:)` then finds guest bytes
/// where the BAT says. Memory is 4 bytes for each allocated cluster, however much is read. All of it may be used from
/// any number of threads at once.
///
/// The file stays open as long as the disk lives, and should not change meanwhile: the BAT is read once.
public final class ParallelsDisk: Sendable {
  /// What the user may choose.
  public struct Options: Equatable, Sendable {
    /// Whether an image that was not closed is read.
    public var allowsDirty = false
    /// Whether a damaged image is read, with zeros for what is lost.
    public var salvages = false

    /// The defaults: neither.
    public init() {}
  }

  /// The file as the user named it, or "stdin".
  public let name: String
  private let segments: ImageSegments

  /// Opens an image that lies in a file or on a device.
  ///
  /// `control` is told of warnings and, with `salvages`, of every loss, before this returns.
  ///
  /// - Throws: `isStream` for a pipe, `io` when the file can't be read, `isCompressed`, `format`, `header` or `entry`
  ///   when the image is none or would not be converted with these options.
  public init(
    _ input: Endpoint, options: Options = Options(), control: ConversionControl
  ) throws(ConversionError) {
    let file = try input.openForReading()
    guard file.isSeekable else { throw ConversionError(file.name, .isStream) }
    let policy = ReadingPolicy(allowsDirty: options.allowsDirty, salvages: options.salvages)
    let stream = LookaheadStream(file, interrupt: control.interrupt)
    name = file.name
    segments = try ImageInput(file, stream: stream, policy: policy, control: control).segments
  }

  /// Size of the disk, in bytes; a multiple of 512.
  public var virtualByteCount: UInt64 { segments.image.header.virtualByteCount }
  /// Cluster size of the image, in bytes; a multiple of 512.
  public var clusterByteCount: UInt64 { segments.image.header.clusterByteCount }

  /// The runs of the whole disk, in disk order, each as long as can be: what is data, and what is zeros.
  public var runs: DiskMap.Runs { DiskMap.Runs(of: segments.image) }

  /// Fills `buffer` with the bytes of the disk from `guestOffset` on, both at any place and of any length.
  ///
  /// What no cluster is allocated for reads as zeros. Returns the bytes read: fewer than asked for only at the end of
  /// the disk, 0 at or past it. What is in `buffer` behind them stays as it was.
  ///
  /// - Throws: `io` when the file can't be read, `endedEarly` when it was cut after it was opened. Then some of
  ///   `buffer` may be filled.
  public func read(
    into buffer: UnsafeMutableRawBufferPointer, at guestOffset: UInt64
  ) throws(ConversionError) -> Int {
    guard guestOffset < virtualByteCount else { return 0 }
    let count = Int(min(UInt64(buffer.count), virtualByteCount - guestOffset))
    var done = 0
    // In pieces, as what is known of a piece takes memory: up to a segment for each of its clusters.
    while done < count {
      let end = min(done + Int(ExtentGrid.copiedByteLimit), count)
      let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<end])
      try segments.read(into: piece, at: guestOffset + UInt64(done))
      done = end
    }
    return count
  }

  /// The bytes of the disk in `guestRange`, as far as the disk reaches; they all come to lie in memory.
  ///
  /// - Throws: As `read(into:at:)`.
  public func bytes(in guestRange: Range<UInt64>) throws(ConversionError) -> [UInt8] {
    let range = guestRange.clamped(to: 0..<virtualByteCount)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 1)
    defer { buffer.deallocate() }
    return Array(buffer[..<(try read(into: buffer, at: range.lowerBound))])
  }
}
