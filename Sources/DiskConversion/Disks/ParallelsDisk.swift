import ParallelsFormat
import StreamIO

/// The disk in a Parallels image or bundle, for random access without converting it.
///
/// Opening reads header and BAT and judges them as strictly as a conversion does; `read(into:at:)` then finds guest
/// bytes through the BAT. Memory use is 4 bytes per allocated cluster, however much is read. All methods may be called
/// from any number of threads at once.
///
/// The file stays open as long as this object exists and should not change meanwhile, because the BAT is read only
/// once.
public final class ParallelsDisk: Sendable {
  /// The file as the user named it, or "stdin".
  public let name: String
  /// Cluster size of the image, or of the topmost image of a bundle's state, in bytes; a multiple of 512.
  public let clusterByteCount: UInt64
  private let disk: any Disk

  /// Opens an image in a file or on a device, or a bundle: its folder, its descriptor, or the empty file in it.
  ///
  /// Before this returns, `control` receives all warnings and, if `policy` salvages, every loss.
  ///
  /// - Throws: `isStream` for a pipe; `file` if the file can't be read; `bundle`, `isPartOfBundle`, `isForeign`,
  ///   `isCompressed`, `format`, `header` or `entry`
  ///   if it is not an image, or one that `policy` refuses.
  public init(
    _ input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl? = nil
  ) throws(ConversionError) {
    let opener = try DiskOpener(input, policy: policy, control: control.orNew())
    let input = try opener.seekableDisk()
    guard case .disk(let disk) = input.contents, let figures = input.figures else {
      throw ConversionError(input.name, .isStream)
    }
    name = input.name
    clusterByteCount = figures.clusterByteCount
    self.disk = disk
  }

  /// Size of the disk, in bytes; a multiple of 512.
  public var virtualByteCount: UInt64 { disk.byteCount }

  /// The extents of the whole disk in disk order, each as long as possible.
  public var extents: DiskMap { DiskMap(of: disk) }

  /// Fills `buffer` with the bytes of the disk at `guestOffset`, which need not be aligned.
  ///
  /// Unallocated clusters read as zeros. Returns the number of bytes read, which is smaller than the buffer only at the
  /// end of the disk, and 0 at or past it. The rest of `buffer` is unchanged.
  ///
  /// - Throws: `file` if the file can't be read, `endedEarly` if it was truncated after it was opened. Part of `buffer`
  ///   may then be filled.
  public func read(into buffer: UnsafeMutableRawBufferPointer, at guestOffset: UInt64) throws(ConversionError) -> Int {
    guard guestOffset < virtualByteCount else { return 0 }
    let count = Int(min(UInt64(buffer.count), virtualByteCount - guestOffset))
    var done = 0
    // Read in parts, because the pieces of a part take memory, up to one for each of its clusters.
    while done < count {
      let end = min(done + Int(ExtentGrid.copiedByteLimit), count)
      try disk.read(into: buffer.part(done..<end), at: guestOffset + UInt64(done))
      done = end
    }
    return count
  }

  /// Returns the bytes of the disk in `guestRange`, up to the end of the disk, all in memory.
  ///
  /// - Throws: The errors of `read(into:at:)`.
  public func bytes(in guestRange: Range<UInt64>) throws(ConversionError) -> [UInt8] {
    let range = guestRange.clamped(to: 0..<virtualByteCount)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 1)
    defer { buffer.deallocate() }
    return Array(buffer[..<(try read(into: buffer, at: range.lowerBound))])
  }
}
