import ParallelsFormat
import StreamIO

/// A raw disk to be read: how large it is, as far as that is known, and the source of its extents.
final class RawInput {
  let name: String
  /// Size of the disk, in bytes; nil as long as only the end of the stream can tell.
  let diskByteCount: UInt64?
  /// Length of the file; nil for what comes by a stream.
  let fileByteCount: UInt64?
  let source: any ExtentSource
  /// Whether the input is gzip.
  let isCompressed: Bool
  private let file: OpenFile
  private let grid: ExtentGrid
  private let control: ConversionControl
  private let watch: ChangeWatch

  /// The disk that a conversion with these options makes an image of.
  convenience init(
    _ file: OpenFile, options: RawToParallels.Options, control: ConversionControl
  ) throws(ConversionError) {
    try self.init(
      file, stream: LookaheadStream(file, interrupt: control.interrupt),
      virtualByteCount: options.virtualByteCount, takesInputAsIs: options.takesInputAsIs,
      grid: ExtentGrid(clusterByteCount: options.clusterByteCount), control: control)
  }

  /// The disk in `stream`, which has the bytes of `file`; of `virtualByteCount` when that is known already.
  init(
    _ file: OpenFile, stream: LookaheadStream, virtualByteCount: UInt64? = nil, takesInputAsIs: Bool = false,
    grid: ExtentGrid, control: ConversionControl
  ) throws(ConversionError) {
    self.file = file
    self.control = control
    self.grid = grid
    name = file.name
    watch = try ChangeWatch(file)
    let compressed = takesInputAsIs ? nil : try Self.decompressed(stream, of: file)
    isCompressed = compressed != nil
    let byteCount = try converting { () throws(FileError) in try file.byteCount() }
    guard let byteCount, compressed == nil else {
      if let byteCount { control.follow(inputByteCount: byteCount) }
      fileByteCount = nil
      diskByteCount = virtualByteCount
      source = RawStreamSource(
        compressed?.disk ?? stream, compressed: compressed?.gzip, name: file.name, diskByteCount: virtualByteCount,
        grid: grid, control: control)
      return
    }
    if let virtualByteCount, byteCount > virtualByteCount {
      throw ConversionError(file.name, .longerThan(byteCount: virtualByteCount))
    }
    fileByteCount = byteCount
    diskByteCount = virtualByteCount ?? byteCount
    source = RawFileSource(
      file, fileByteCount: byteCount, diskByteCount: virtualByteCount ?? byteCount, grid: grid, control: control)
  }

  /// What gzip makes of `stream`, nil when it is not that; refuses what is no raw disk.
  private static func decompressed(
    _ stream: LookaheadStream, of file: OpenFile
  ) throws(ConversionError) -> (disk: LookaheadStream, gzip: GzipStream)? {
    let compressed: (disk: LookaheadStream, gzip: GzipStream)?
    let isImage: Bool
    do throws(FileError) {
      let isCompressed = try stream.peek(GzipStream.magic.count) == GzipStream.magic
      let gzip = isCompressed ? try GzipStream(stream, path: file.name) : nil
      compressed = gzip.map { (LookaheadStream($0), $0) }
      let start = try (compressed?.disk ?? stream).peek(Layout.magicByteCount)
      isImage = Layout(magicOf: start.span.bytes) != nil
    } catch {
      throw ConversionError(error)
    }
    guard !isImage else { throw ConversionError(file.name, .isParallelsImage) }
    return compressed
  }

  /// Size of the disk, in bytes, when the disk ends at `offset` or before, and what is behind it was asked for.
  func byteCount(endingBy offset: UInt64) -> UInt64? {
    guard let found = (source as? RawStreamSource)?.wholeByteCount, found <= offset else { return diskByteCount }
    return found
  }

  /// Size of the disk, in bytes, once all of it was read.
  var foundByteCount: UInt64 { diskByteCount ?? (source as? RawStreamSource)?.streamByteCount ?? 0 }

  /// Bytes of the disk that are stored, zeros that are stored included; 0 for what comes by a stream.
  func storedByteCount() throws(ConversionError) -> UInt64 {
    guard let fileByteCount else { return 0 }
    return try min(fileByteCount, converting { () throws(FileError) in try file.storedByteCount() })
  }

  /// A source of just the clusters that `table` names.
  func source(of table: BlockAllocationTable) -> any ExtentSource {
    AllocatedClustersSource(file, fileByteCount: fileByteCount ?? 0, table: table, grid: grid, control: control)
  }

  /// Says so when somebody wrote to the file while it was read.
  func checkUnchanged(isError: Bool) throws(ConversionError) { try watch.check(isError: isError, control: control) }
}
