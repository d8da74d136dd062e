import ParallelsFormat
import StreamIO

/// The disk in a Parallels image, to be read at any place without being converted.
///
/// Opening reads header and BAT and judges them as strictly as a conversion does; `read(into:at:)` then finds guest bytes
/// where the BAT says. Memory is 4 bytes for each allocated cluster, however much is read. You may use all of it from
/// any number of threads at once.
///
/// The file stays open as long as the disk lives, and should not change meanwhile: the BAT is read once.
public final class ParallelsDisk: Sendable {
  /// The file as the user named it, or "stdin".
  public let name: String
  /// Cluster size of the image, in bytes; a multiple of 512.
  public let clusterByteCount: UInt64
  private let disk: any Disk

  /// Opens an image that lies in a file or on a device.
  ///
  /// `control` receives warnings and, if `policy` salvages, every loss, before this returns.
  ///
  /// - Throws: `isStream` for a pipe, `file` when the file can't be read, `isCompressed`, `format`, `header` or `entry`
  ///   when it is not an image, or one that `policy` refuses.
  public init(
    _ input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl
  ) throws(ConversionError) {
    let opener = try DiskOpener(input, policy: policy, control: control)
    let image = try opener.imageDisk()
    name = opener.file.name
    clusterByteCount = image.clusters.header.clusterByteCount
    disk = image
  }

  /// Size of the disk, in bytes; a multiple of 512.
  public var virtualByteCount: UInt64 { disk.byteCount }

  /// The runs of the whole disk, in disk order, each as long as can be: what is data, and what is zeros.
  public var extents: DiskMap { DiskMap(of: disk) }

  /// Fills `buffer` with the bytes of the disk from `guestOffset` on, both at any place and of any length.
  ///
  /// What no cluster is allocated for reads as zeros. Returns the bytes read: fewer than asked for only at the end of
  /// the disk, 0 at or past it. What is in `buffer` after them stays as it was.
  ///
  /// - Throws: `file` when the file can't be read, `endedEarly` when it was cut after it was opened. Then some of
  ///   `buffer` may be filled.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at guestOffset: UInt64) throws(ConversionError) -> Int {
    guard guestOffset < virtualByteCount else { return 0 }
    let count = Int(min(UInt64(buffer.count), virtualByteCount - guestOffset))
    var done = 0
    // In parts, as what is known about a part takes memory: up to a piece for each of its clusters.
    while done < count {
      let end = min(done + Int(ExtentGrid.copiedByteLimit), count)
      try disk.read(into: buffer.part(done..<end), at: guestOffset + UInt64(done))
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
