/// Where the bytes of a Parallels image's disk lie in its file.
public struct DiskMap {
  private var extents: DiskExtents

  /// Opens the image at `input`.
  ///
  /// An image that would not be converted without loss has no map, and is refused as there. An image that was not
  /// closed has one: nothing is copied.
  ///
  /// - Throws: `isStream` for a pipe, and what opening an image can bring (``ParallelsDisk``).
  public init(of input: Endpoint, control: ConversionControl) throws(ConversionError) {
    let policy = ReadingPolicy(allowsDirty: true)
    let image = try DiskOpener(input, control: control).imageFile()
    self.init(of: try ImageDisk(judging: image, policy: policy, events: control.events))
  }

  init(of disk: any Disk) { extents = disk.extents(in: 0..<disk.byteCount) }

  /// The next run of the disk, as long as it can be; nil at the end of the disk.
  ///
  /// - Throws: `file` or `endedEarly` when a file that holds the disk cannot be asked.
  public mutating func next() throws(ConversionError) -> DiskExtent? { try extents.next() }
}
