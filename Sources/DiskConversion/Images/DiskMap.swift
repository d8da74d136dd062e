/// The positions of a disk's data in the files of its Parallels image or bundle.
public struct DiskMap {
  /// Whether the disk is that of a bundle, whose extents lie in several files.
  public let isBundle: Bool
  private var extents: DiskExtents

  /// Opens the image or the bundle at `input`; `policy` chooses the state of a bundle.
  ///
  /// An image that could not be converted without loss is refused in the same way. An image that was not closed is
  /// mapped anyway, because nothing is copied.
  ///
  /// - Throws: `isStream` for a pipe, and any error of opening an image (``ParallelsDisk``).
  public init(
    of input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl? = nil
  ) throws(ConversionError) {
    let control = try control.orNew()
    var policy = policy
    policy.allowsDirty = true
    let opener = try DiskOpener(input, policy: policy, control: control)
    let opened = try opener.seekableDisk()
    guard case .disk(let disk) = opened.contents else { throw ConversionError(opened.name, .isStream) }
    self.init(of: disk, isBundle: opener.bundle != nil)
  }

  init(of disk: any Disk, isBundle: Bool = false) {
    extents = disk.extents(in: 0..<disk.byteCount)
    self.isBundle = isBundle
  }

  /// The next extent of the disk, as long as possible; nil at the end of the disk.
  ///
  /// - Throws: `file` or `endedEarly` if a file that holds the disk can't be examined.
  public mutating func next() throws(ConversionError) -> DiskExtent? { try extents.next() }
}
