/// A shared block of zeros.
package enum ZeroBlock {
  static let byteCount = 1 << 20

  // SAFETY: never written to and never freed, so any thread may read it at any time.
  nonisolated(unsafe) private static let bytes = zeroMemory(byteCount: byteCount)

  /// The first `count` bytes of the block.
  static func bytes(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[..<count]) }

  /// Calls `body` with blocks of zeros and the number of bytes before each, until `byteCount` bytes are done.
  package static func forEachBlock<Failure: Error>(
    of byteCount: UInt64, _ body: (UnsafeRawBufferPointer, UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    var done: UInt64 = 0
    while done < byteCount {
      let count = Int(min(byteCount - done, UInt64(bytes.count)))
      try body(UnsafeRawBufferPointer(rebasing: bytes[..<count]), done)
      done += UInt64(count)
    }
  }
}
