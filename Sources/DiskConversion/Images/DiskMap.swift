/// The positions of a disk's data in the files of its Parallels image or bundle.
public struct DiskMap {
  private var extents: DiskExtents

  /// Opens the image or the bundle at `input`; `policy` chooses the state of a bundle.
  ///
  /// An image that could not be converted without loss is refused in the same way. An image that was not closed is
  /// mapped anyway, because nothing is copied.
  ///
  /// - Throws: `isStream` for a pipe, and any error of opening an image (``ParallelsDisk``).
  public init(
    of input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl
  ) throws(ConversionError) {
    var policy = policy
    policy.allowsDirty = true
    let opened = try DiskOpener(input, policy: policy, control: control).seekableDisk()
    guard case .disk(let disk) = opened.contents else { throw ConversionError(opened.name, .isStream) }
    self.init(of: disk)
  }

  init(of disk: any Disk) { extents = disk.extents(in: 0..<disk.byteCount) }

  /// The next extent of the disk, as long as possible; nil at the end of the disk.
  ///
  /// - Throws: `file` or `endedEarly` if a file that holds the disk can't be examined.
  public mutating func next() throws(ConversionError) -> DiskExtent? { try extents.next() }
}
