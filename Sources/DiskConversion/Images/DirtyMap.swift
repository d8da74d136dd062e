import ParallelsFormat

/// The parts of a disk that one of its dirty bitmaps marks.
public struct DirtyMap {
  private let runs: DirtyRanges
  private let diskByteCount: UInt64
  private var position: UInt64 = 0
  /// The last marked range found, not returned yet.
  private var marked: Range<UInt64>?

  /// Opens the image at `input`; `name` is the bitmap's UUID or a unique prefix of it.
  ///
  /// A stale bitmap is used, with a warning.
  ///
  /// - Throws: `noSuchBitmap`; `untrustedBitmap` if the bitmap or the extension is damaged; `isStream` for a pipe;
  ///   `file`, `format` or `isCompressed` if the image can't be opened.
  public init(of input: Endpoint, bitmap name: String, control: ConversionControl? = nil) throws(ConversionError) {
    let control = try control.orNew()
    let image = try DiskOpener(input, control: control).imageFile()
    let bitmap = try image.bitmap(named: name)
    if let mistrust = image.bitmapMistrust {
      control.events.report(.warning(path: image.file.name, "the bitmap is stale: \(mistrust)"))
    }
    runs = try DirtyRanges(of: bitmap, in: image)
    diskByteCount = image.header.virtualByteCount
  }

  /// The next range of the disk, in bytes, and whether it is marked; nil at the end of the disk.
  ///
  /// Each range is as long as possible.
  ///
  /// - Throws: `file` or `endedEarly` if the bits can't be read.
  public mutating func next() throws(ConversionError) -> (range: Range<UInt64>, isDirty: Bool)? {
    guard position < diskByteCount else { return nil }
    if marked == nil { marked = try runs.next() ?? diskByteCount..<diskByteCount }
    guard let next = marked else { return nil }
    let isDirty = next.lowerBound == position
    let range = position..<(isDirty ? next.upperBound : next.lowerBound)
    if isDirty { marked = nil }
    position = range.upperBound
    return (range, isDirty)
  }
}
