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
  private let file: OpenFile
  private let grid: ExtentGrid
  private let control: ConversionControl
  private let version: [Int]

  init(_ file: OpenFile, options: RawToParallels.Options, control: ConversionControl) throws(ConversionError) {
    self.file = file
    self.control = control
    name = file.name
    grid = ExtentGrid(clusterByteCount: options.clusterByteCount)
    let stream = FileStream(file, interrupt: control.interrupt)
    let start: [UInt8]
    do throws(StreamError) {
      start = try stream.peek(Layout.magicByteCount)
    } catch {
      throw ConversionError(error)
    }
    guard options.acceptsParallelsInput || Layout(magicOf: start.span.bytes) == nil else {
      throw ConversionError(file.name, .isParallelsImage)
    }
    version = try converting { () throws(IOError) in try file.version() }
    fileByteCount = try converting { () throws(IOError) in try file.byteCount() }
    if let fileByteCount {
      if let size = options.virtualByteCount, fileByteCount > size {
        throw ConversionError(file.name, .longerThan(byteCount: size))
      }
      diskByteCount = options.virtualByteCount ?? fileByteCount
      source = RawFileSource(
        file, fileByteCount: fileByteCount, diskByteCount: options.virtualByteCount ?? fileByteCount, grid: grid,
        control: control)
    } else {
      diskByteCount = options.virtualByteCount
      source = RawStreamSource(
        stream, name: file.name, diskByteCount: options.virtualByteCount, grid: grid, control: control)
    }
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
