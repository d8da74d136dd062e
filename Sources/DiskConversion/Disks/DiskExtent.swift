/// A run of a disk whose bytes are all of one kind, and their position if they are contiguous in a file.
public struct DiskExtent: Equatable, Sendable {
  /// What kind of bytes the extent has.
  public enum Contents: Equatable, Sendable {
    /// Bytes stored in a file.
    case data
    /// Zeros, which need not be read.
    case zeros
    /// Nothing in this image: the image below it decides; if this is the lowest, the extent is zeros.
    case absent
  }

  /// Start of the extent on the disk, in bytes.
  public var guestOffset: UInt64
  /// Length of the extent, in bytes.
  public var byteCount: UInt64
  /// What kind of bytes the extent has.
  public var contents: Contents
  /// Position of its bytes in the file that holds them, in bytes; nil if they are not stored, or not contiguous.
  public internal(set) var hostOffset: UInt64? = nil
  /// Number of images above the one that holds the bytes, in the chain of a bundle's snapshots.
  public internal(set) var depth = 0
  /// The name of the file that holds the bytes, as the user or the bundle named it; nil if there is none.
  public var fileName: String? { file?.name }
  /// The file that holds the bytes; also nil for an image that comes through a pipe.
  var file: DiskFile? = nil

  /// End of the extent on the disk, in bytes.
  public var guestEnd: UInt64 { guestOffset + byteCount }
  /// The extent as a range of disk bytes.
  public var guestRange: Range<UInt64> { guestOffset..<guestEnd }
  /// Whether the extent reads as zeros (with no image below it) without being read.
  public var isZero: Bool { contents != .data }

  /// This extent extended by `next`; nil unless `next` follows it both on the disk and in the file.
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
  /// Creates an extent for `range`; if it has bytes, they lie in `file` from `hostOffset` on.
  init(_ range: Range<UInt64>, _ contents: Contents, at hostOffset: UInt64? = nil, in file: DiskFile? = nil) {
    self.init(
      guestOffset: range.lowerBound, byteCount: range.upperBound - range.lowerBound, contents: contents,
      hostOffset: hostOffset, file: file)
  }
}

/// The extents of a range in disk order, joining neighbours as far as possible (only this type does so).
struct DiskExtents {
  private let end: UInt64
  private let find: (_ offset: UInt64, _ end: UInt64) throws(ConversionError) -> DiskExtent
  private var position: UInt64
  private var pending: DiskExtent?

  /// `find` returns the extent that begins at the first offset and ends at or before the second.
  init(
    in range: Range<UInt64>, find: @escaping (_ offset: UInt64, _ end: UInt64) throws(ConversionError) -> DiskExtent
  ) {
    position = range.lowerBound
    end = range.upperBound
    self.find = find
  }

  /// The next extent; nil at the end of the range.
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
