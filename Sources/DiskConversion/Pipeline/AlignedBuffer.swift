import StreamIO

/// Page-aligned memory for bytes of a disk, which lives as long as the object that stores it.
///
/// Memory for use within a function comes from `withBuffer`, which limits its lifetime.
final class AlignedBuffer {
  // SAFETY: allocated once and freed in `deinit`; used only by methods of the object that stores this one.
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `outOfMemory`, where `allocate` would trap.
  init(byteCount: Int) throws(ConversionError) {
    guard let memory = allocateMemory(byteCount: byteCount) else { throw .outOfMemory(byteCount: byteCount) }
    bytes = memory
  }

  deinit { free(bytes.baseAddress) }
}

/// Calls `body` with page-aligned memory that lives until it returns.
///
/// - Throws: `outOfMemory`, where `withUnsafeTemporaryAllocation` would trap; the errors of `body`.
func withBuffer<Result>(
  byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws(ConversionError) -> Result
) throws(ConversionError) -> Result {
  guard let memory = allocateMemory(byteCount: byteCount) else { throw .outOfMemory(byteCount: byteCount) }
  defer { free(memory.baseAddress) }
  return try body(memory)
}

extension UnsafeMutableRawBufferPointer {
  func part(_ range: some RangeExpression<Int>) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: self[range])
  }

  /// Sets every byte to zero.
  func clear() {
    guard !isEmpty else { return }
    initializeMemory(as: UInt8.self, repeating: 0)
  }
}

extension UnsafeRawBufferPointer {
  func part(_ range: some RangeExpression<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[range])
  }
}
