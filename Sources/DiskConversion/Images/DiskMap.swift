/// The positions of a Parallels image's disk data in its file.
public struct DiskMap {
  private var extents: DiskExtents

  /// Opens the image at `input`.
  ///
  /// An image that could not be converted without loss is refused in the same way. An image that was not closed is
  /// mapped anyway, because nothing is copied.
  ///
  /// - Throws: `isStream` for a pipe, and any error of opening an image (``ParallelsDisk``).
  public init(of input: Endpoint, control: ConversionControl) throws(ConversionError) {
    let policy = ReadingPolicy(allowsDirty: true)
    let image = try DiskOpener(input, control: control).imageFile()
    self.init(of: try ImageDisk(judging: image, policy: policy, events: control.events))
  }

  init(of disk: any Disk) { extents = disk.extents(in: 0..<disk.byteCount) }

  /// The next extent of the disk, as long as possible; nil at the end of the disk.
  ///
  /// - Throws: `file` or `endedEarly` if a file that holds the disk can't be examined.
  public mutating func next() throws(ConversionError) -> DiskExtent? { try extents.next() }
}
