/// A run of a disk whose bytes are all of one kind, and where they lie when they lie in one piece.
public struct DiskExtent: Equatable, Sendable {
  /// What there is to read.
  public enum Contents: Equatable, Sendable {
    /// Bytes that some file holds.
    case data
    /// Zeros, which need not be read.
    case zeros
    /// Nothing in this image: the image below it decides, and with none below it, the extent is zeros.
    case absent
  }

  /// Where the extent begins on the disk, in bytes.
  public var guestOffset: UInt64
  /// Its length, in bytes.
  public var byteCount: UInt64
  /// What there is to read.
  public var contents: Contents
  /// Where its bytes begin in the file that holds them, in bytes; nil when they do not lie in one piece, or in none.
  public internal(set) var hostOffset: UInt64? = nil
  /// The file that holds them; nil also for an image that comes through a pipe.
  var file: DiskFile? = nil

  /// Where the extent ends on the disk, in bytes.
  public var guestEnd: UInt64 { guestOffset + byteCount }
  /// The extent as a range of bytes of the disk.
  public var guestRange: Range<UInt64> { guestOffset..<guestEnd }
  /// Whether the extent reads as zeros without being read, with nothing below it.
  public var isZero: Bool { contents != .data }

  /// This run and `next` as one; nil when `next` does not follow it on the disk and in the file.
  func joined(with next: DiskExtent) -> DiskExtent? {
    guard next.guestOffset == guestEnd, next.contents == contents, next.file == file,
      next.hostOffset == hostOffset.map({ $0 + byteCount })
    else { return nil }
    var joined = self
    joined.byteCount += next.byteCount
    return joined
  }
}

extension DiskExtent {
  /// The extent of `range`; its bytes, if it has any, lie in `file` from `hostOffset` on.
  init(_ range: Range<UInt64>, _ contents: Contents, at hostOffset: UInt64? = nil, in file: DiskFile? = nil) {
    self.init(
      guestOffset: range.lowerBound, byteCount: range.upperBound - range.lowerBound, contents: contents,
      hostOffset: hostOffset, file: file)
  }
}

/// The extents of a range, in disk order, each as long as it can be: the one place where neighbours are joined.
struct DiskExtents {
  private let end: UInt64
  private let find: (_ offset: UInt64, _ end: UInt64) throws(ConversionError) -> DiskExtent
  private var position: UInt64
  private var pending: DiskExtent?

  /// `find` returns the extent that begins at an offset and ends at the given end at the latest.
  init(
    in range: Range<UInt64>, find: @escaping (_ offset: UInt64, _ end: UInt64) throws(ConversionError) -> DiskExtent
  ) {
    position = range.lowerBound
    end = range.upperBound
    self.find = find
  }

  /// The next run; nil at the end of the range.
  mutating func next() throws(ConversionError) -> DiskExtent? {
    if pending == nil { pending = try found() }
    guard var extent = pending.take() else { return nil }
    while let next = try found() {
      guard let joined = extent.joined(with: next) else {
        pending = next
        break
      }
      extent = joined
    }
    return extent
  }

  private mutating func found() throws(ConversionError) -> DiskExtent? {
    guard position < end else { return nil }
    let extent = try find(position, end)
    position = extent.guestEnd
    return extent
  }
}
