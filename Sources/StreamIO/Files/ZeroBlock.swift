/// A shared block of zeros.
package enum ZeroBlock {
  static let byteCount = 1 << 20

  // SAFETY: allocated once, never written to and never freed, so any thread may read it at any time.
  nonisolated(unsafe) private static let bytes: UnsafeRawBufferPointer = {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 4096)
    block.initializeMemory(as: UInt8.self, repeating: 0)
    return UnsafeRawBufferPointer(block)
  }()

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
