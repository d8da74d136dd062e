extension OpenFile {
  /// Size of the blocks that the file system can share, in bytes.
  package var blockByteCount: UInt64 {
    var status = statvfs()
    return fstatvfs(descriptor, &status) == 0 ? max(512, UInt64(status.f_bsize)) : 4096
  }

  /// Makes this file share the blocks of `source` in `range`, from `offset` on; returns 0, or the `errno` of a refusal.
  ///
  /// Both places must be at the start of a block, and the length must be a whole number of them.
  package func share(_ range: Range<UInt64>, of source: OpenFile, at offset: UInt64) -> CInt {
    // A length of 0 would mean everything up to the end of the source.
    guard !range.isEmpty else { return 0 }
    return shareBlocks(
      source.descriptor, at: Int64(clamping: source.baseOffset + range.lowerBound),
      byteCount: Int64(clamping: range.upperBound - range.lowerBound), with: descriptor,
      at: Int64(clamping: baseOffset + offset))
  }

  /// Whether an `errno` means that something is wrong, and not only that blocks can't be shared.
  package static func isFatal(_ code: CInt) -> Bool { [EIO, ENOMEM, ENOSPC, EDQUOT].contains(code) }

  /// The first range at or after `offset` and before `end` that is a hole, or reserved but not written; nil if there is
  /// none.
  ///
  /// - Throws: `share` if the file system doesn't say.
  package func gap(from offset: UInt64, before end: UInt64) throws(FileError) -> Range<UInt64>? {
    var position = offset
    while position < end {
      let (stored, isWritten) = try storedExtent(descriptor, from: baseOffset + position)
        .get { FileError(.share, name, at: position, code: $0) }
      let start = stored.lowerBound - min(baseOffset, stored.lowerBound)
      let stop = min(stored.upperBound - min(baseOffset, stored.upperBound), end)
      if start > position { return position..<min(start, end) }
      if !isWritten { return position..<stop }
      guard stop > position else { return nil }
      position = stop
    }
    return nil
  }
}
