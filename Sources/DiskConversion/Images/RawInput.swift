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
  private let version: [Int]

  init(_ file: OpenFile, options: RawToParallels.Options, control: ConversionControl) throws(ConversionError) {
    self.file = file
    self.control = control
    name = file.name
    grid = ExtentGrid(clusterByteCount: options.clusterByteCount)
    version = try converting { () throws(IOError) in try file.version() }
    let (stream, compressed) = try Self.open(file, options: options, control: control)
    isCompressed = compressed != nil
    let byteCount = try converting { () throws(IOError) in try file.byteCount() }
    if let compressed {
      fileByteCount = nil
      diskByteCount = options.virtualByteCount
      if let byteCount { control.follow(inputByteCount: byteCount) }
      source = RawStreamSource(
        stream, compressed: compressed, name: file.name, diskByteCount: diskByteCount, grid: grid, control: control)
    } else if let byteCount {
      if let size = options.virtualByteCount, byteCount > size {
        throw ConversionError(file.name, .longerThan(byteCount: size))
      }
      fileByteCount = byteCount
      diskByteCount = options.virtualByteCount ?? byteCount
      source = RawFileSource(
        file, fileByteCount: byteCount, diskByteCount: options.virtualByteCount ?? byteCount, grid: grid,
        control: control)
    } else {
      fileByteCount = nil
      diskByteCount = options.virtualByteCount
      source = RawStreamSource(
        stream, compressed: nil, name: file.name, diskByteCount: diskByteCount, grid: grid, control: control)
    }
  }

  /// The bytes of the disk in order, decompressed when they are gzip; refuses what is no raw disk.
  private static func open(
    _ file: OpenFile, options: RawToParallels.Options, control: ConversionControl
  ) throws(ConversionError) -> (PeekingStream, GzipStream?) {
    let result: (PeekingStream, GzipStream?)
    let isImage: Bool
    do throws(StreamError) {
      let bytes = PeekingStream(FileStream(file, interrupt: control.interrupt))
      guard !options.takesInputAsIs else { return (bytes, nil) }
      let isCompressed = try bytes.peek(GzipStream.magic.count) == GzipStream.magic
      let compressed = isCompressed ? try GzipStream(bytes, path: file.name) : nil
      let disk = compressed.map { PeekingStream($0) } ?? bytes
      let start = try disk.peek(Layout.magicByteCount)
      isImage = Layout(magicOf: start.span.bytes) != nil
      result = (disk, compressed)
    } catch {
      throw ConversionError(error)
    }
    guard !isImage else { throw ConversionError(file.name, .isParallelsImage) }
    return result
  }

  /// Size of the disk, in bytes, once all of it was read.
  var foundByteCount: UInt64 { diskByteCount ?? (source as? RawStreamSource)?.streamByteCount ?? 0 }

  /// A source of just the clusters that `table` names.
  func source(of table: BlockAllocationTable) -> any ExtentSource {
    AllocatedClustersSource(file, fileByteCount: fileByteCount ?? 0, table: table, grid: grid, control: control)
  }

  /// Says so when somebody wrote to the file while it was read, which makes a copy of two states.
  func checkUnchanged(isError: Bool) throws(ConversionError) {
    guard file.kind == .regular else { return }
    guard try converting({ () throws(IOError) in try file.version() }) != version else { return }
    guard !isError else { throw ConversionError(name, .changed) }
    control.tell(.warning(path: name, "was written to while it was read: the copy may hold old and new bytes"))
  }
}
