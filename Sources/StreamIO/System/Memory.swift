/// Page-aligned memory, to be freed with `free`; nil if the system has none.
///
/// `UnsafeMutableRawBufferPointer.allocate` ends the process instead.
package func allocateMemory(byteCount: Int) -> UnsafeMutableRawBufferPointer? {
  var base: UnsafeMutableRawPointer?
  guard posix_memalign(&base, 4096, max(1, byteCount)) == 0, let base else { return nil }
  return UnsafeMutableRawBufferPointer(start: base, count: byteCount)
}
