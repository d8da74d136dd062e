import StreamIO

/// Lets an output share blocks of the files that the input is in, instead of copying their bytes.
///
/// Blocks can be shared where both places have the same distance from the start of a block. Used by one thread.
final class BlockSharing {
  private let target: TargetFile
  private let mode: SharingMode
  private let progress: ConversionProgress
  private let blockByteCount: UInt64
  /// Files that the system doesn't share with the output, whatever the place.
  private var refusedFiles: [DiskFile] = []
  /// Whether anything is shared already.
  private(set) var hasShared = false

  /// Nil if `mode` or the kind of the output excludes it.
  ///
  /// - Throws: `cannotShare` if the output must share blocks, but is not a file.
  init?(_ target: TargetFile, mode: SharingMode, progress: ConversionProgress) throws(ConversionError) {
    guard mode != .never else { return nil }
    guard target.file.kind == .regular else {
      guard mode == .auto else { throw ConversionError(target.name, .cannotShare("it is not a file")) }
      return nil
    }
    self.target = target
    self.mode = mode
    self.progress = progress
    blockByteCount = target.file.blockByteCount
  }

  /// Whether a file was refused before anything was shared: then it is faster to copy everything as usual.
  var isHopeless: Bool { !refusedFiles.isEmpty && !hasShared }

  /// Whether the bytes of `piece` could be shared at `offset` of the output.
  func fits(_ piece: DiskExtent, at offset: UInt64) -> Bool {
    guard let file = piece.file?.file, let host = piece.hostOffset, file.kind == .regular else { return false }
    return (file.baseOffset + host) % blockByteCount == (target.file.baseOffset + offset) % blockByteCount
  }

  /// Whether a new image would share most of its data: if not, several threads copy it faster.
  ///
  /// Looks at the first runs of data, and tries to share one block, which ends up below the header.
  func pays(for disk: any Disk, clusterByteCount: UInt64) throws(ConversionError) -> Bool {
    guard clusterByteCount % blockByteCount == 0, target.file.baseOffset % blockByteCount == 0 else { return false }
    var (fitting, other): (UInt64, UInt64) = (0, 0)
    var position: UInt64 = 0
    for _ in 0..<Self.sampleCount {
      guard let extent = try disk.data(from: position) else { break }
      // Clusters begin at a block, so the place in the cluster decides.
      let fits = fits(extent, at: extent.guestOffset)
      if fits { fitting += extent.byteCount } else { other += extent.byteCount }
      if fits, fitting == extent.byteCount, try !canShareBlock(of: extent) { return false }
      position = extent.guestEnd
    }
    return fitting > other
  }

  private func canShareBlock(of piece: DiskExtent) throws(ConversionError) -> Bool {
    guard let file = piece.file?.file, let host = piece.hostOffset else { return false }
    let start = host + (file.baseOffset + host).distance(toMultipleOf: blockByteCount)
    guard start + blockByteCount <= host + piece.byteCount else { return true }
    let code = target.file.share(start..<start + blockByteCount, of: file, at: 0)
    guard !OpenFile.isFatal(code) else { throw ConversionError(FileError(.share, target.name, at: 0, code: code)) }
    return code == 0
  }

  /// Whether an error of the file system about shared blocks may be answered by copying them.
  func permitsCopy(after error: FileError) -> Bool { mode == .auto && error.isRefusedSharing }

  private static let sampleCount = 1000

  /// Shares what can be shared of `piece` at `offset` of the output; returns its range of the disk, which may be empty.
  ///
  /// - Throws: `file` if something is wrong, or if blocks must be shared but are refused.
  func share(_ piece: DiskExtent, at offset: UInt64) throws(ConversionError) -> Range<UInt64> {
    let nothing = piece.guestEnd..<piece.guestEnd
    guard fits(piece, at: offset), let file = piece.file, let source = file.file, let host = piece.hostOffset
    else { return nothing }
    guard !refusedFiles.contains(file) else { return nothing }
    let start = (target.file.baseOffset + offset).distance(toMultipleOf: blockByteCount)
    guard start < piece.byteCount else { return nothing }
    let byteCount = (piece.byteCount - start) / blockByteCount * blockByteCount
    guard byteCount > 0 else { return nothing }
    let code = target.file.share(host + start..<host + start + byteCount, of: source, at: offset + start)
    guard code == 0 else {
      if mode == .always || OpenFile.isFatal(code) {
        throw ConversionError(FileError(.share, target.name, at: offset + start, code: code))
      }
      // EINVAL can be about this place alone.
      if code != EINVAL || !hasShared { refusedFiles.append(file) }
      return nothing
    }
    hasShared = true
    progress.countShared(byteCount)
    return piece.guestOffset + start..<piece.guestOffset + start + byteCount
  }
}

extension UInt64 {
  fileprivate func distance(toMultipleOf unit: UInt64) -> UInt64 { (unit - self % unit) % unit }
}
