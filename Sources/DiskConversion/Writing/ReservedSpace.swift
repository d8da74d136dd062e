import StreamIO

/// Room in a file that grows, asked of the system ahead of the writes.
///
/// Measured on ext4, a 3 GiB disk with 1.19 GiB of data, one thread: 0.316 s without, 0.254 s in steps of 128 MiB.
struct ReservedSpace {
  private static let stepByteCount: UInt64 = 128 << 20

  private let file: OpenFile
  private var end: UInt64 = 0
  /// Whether the system still grants room.
  ///
  /// When it doesn't, writes go on without: they fail if there is none.
  private var isGranted: Bool

  init(of file: OpenFile) {
    self.file = file
    isGranted = file.kind == .regular
  }

  /// Has room up to `byteCount`, and some ahead.
  mutating func cover(_ byteCount: UInt64) {
    guard isGranted, byteCount > end else { return }
    let newEnd = byteCount + Self.stepByteCount
    isGranted = file.reserve(end..<newEnd)
    end = newEnd
  }
}
