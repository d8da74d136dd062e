import StreamIO

/// Reserves space in a growing file ahead of the writes.
///
/// Measured on ext4, a 3 GiB disk with 1.19 GiB of data, one thread: 0.316 s without, 0.254 s in steps of 128 MiB.
struct ReservedSpace {
  private static let stepByteCount: UInt64 = 128 << 20

  private let file: OpenFile
  private var end: UInt64 = 0
  /// Whether the system still grants space.
  ///
  /// If it doesn't, writes go on without a reservation and fail when space runs out.
  private var isGranted: Bool

  init(of file: OpenFile) {
    self.file = file
    isGranted = file.kind == .regular
  }

  /// Reserves space up to `byteCount`, and some ahead.
  mutating func cover(_ byteCount: UInt64) {
    guard isGranted, byteCount > end else { return }
    let newEnd = byteCount + Self.stepByteCount
    isGranted = file.reserve(end..<newEnd)
    end = newEnd
  }
}
