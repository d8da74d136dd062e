import StreamIO

/// Reserves space in a growing file ahead of the writes.
///
/// Measured on ext4, a 3 GiB disk with 1.19 GiB of data, one thread: 0.316 s without, 0.254 s in steps of 128 MiB.
struct ReservedSpace {
  private static let stepByteCount: UInt64 = 128 << 20
  /// The part of the free space that may be reserved ahead: others may need it, too.
  private static let shareOfFreeSpace: UInt64 = 16

  private let file: OpenFile
  /// Length that the file is known to reach, in bytes, as far as the input shows it.
  private let expectedByteCount: UInt64
  private var end: UInt64 = 0
  /// Whether the system still grants space.
  ///
  /// If it doesn't, writes go on without a reservation and fail when space runs out.
  private var isGranted: Bool

  init(of file: OpenFile, expectedByteCount: UInt64) {
    self.file = file
    self.expectedByteCount = expectedByteCount
    isGranted = file.gainsFromReserving
  }

  /// Reserves space up to `byteCount`, which is about to be written, and some ahead if more is known to come.
  mutating func cover(_ byteCount: UInt64) {
    guard isGranted, byteCount > end else { return }
    let newEnd = byteCount + aheadByteCount(after: byteCount)
    isGranted = file.reserve(end..<newEnd)
    end = newEnd
    // A reservation that fails may have got a part, which others may need.
    if !isGranted { try? file.truncate(to: byteCount) }
  }

  private func aheadByteCount(after byteCount: UInt64) -> UInt64 {
    guard expectedByteCount > byteCount, let free = file.freeByteCount() else { return 0 }
    return min(Self.stepByteCount, expectedByteCount - byteCount, free / Self.shareOfFreeSpace)
  }
}
