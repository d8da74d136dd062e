/// Page-aligned memory, to be freed with `free`; nil if the system has none.
///
/// `UnsafeMutableRawBufferPointer.allocate` ends the process instead.
package func allocateMemory(byteCount: Int) -> UnsafeMutableRawBufferPointer? {
  var base: UnsafeMutableRawPointer?
  guard posix_memalign(&base, 4096, max(1, byteCount)) == 0, let base else { return nil }
  return UnsafeMutableRawBufferPointer(start: base, count: byteCount)
}

/// Whether the process may still take `byteCount` bytes of address space; true if that is not limited.
///
/// It must not try: what it took for a moment could be missing elsewhere.
package func hasSpareAddressSpace(_ byteCount: Int) -> Bool {
  var limit = rlimit()
  guard getrlimit(addressSpaceLimit, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else { return true }
  guard let taken = addressSpaceByteCount() else { return true }
  return UInt64(taken) + UInt64(byteCount) <= UInt64(limit.rlim_cur)
}

extension UnsafeRawBufferPointer {
  /// Whether the first bytes are those of `other`.
  func begins(with other: UnsafeRawBufferPointer) -> Bool {
    guard count >= other.count else { return false }
    guard let start = baseAddress, let otherStart = other.baseAddress else { return other.isEmpty }
    return memcmp(start, otherStart, other.count) == 0
  }
}
